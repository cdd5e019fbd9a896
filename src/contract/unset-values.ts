// Values that are valid by the schema but come from a program that forgot to set a field: the all-zero GUID and the
// first date of the calendar. They are refused as part of the message, before any rule sees them.

import { elementInWords } from './element-words.ts';
import { type Fejl, fejl } from './fejlkatalog.ts';
import { childElements, type Element } from './xml.ts';

/** What an unset .NET Guid becomes on the wire. */
export const UNSET_GUID = '00000000-0000-0000-0000-000000000000';
/** What an unset .NET DateTime becomes on the wire, whatever its zone. */
export const UNSET_DATE = /^0001-01-01(?![0-9T])/;

/** Whether a value is one of them. */
export const isUnset = (value: string): boolean => value === UNSET_GUID || UNSET_DATE.test(value);

/** The refusal (1014) of the first unset value in a valid section, if it holds one. */
export function findUnsetValue(element: Element): Fejl | undefined {
  const children = childElements(element);
  if (children.length > 0) {
    for (const child of children) {
      const found = findUnsetValue(child);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const value = element.content.trim();
  const at = (): string => elementInWords(element);
  if (value === UNSET_GUID) {
    return fejl(
      1014,
      `${at()}: the GUID is all zeros, as an unset .NET Guid is; expected a real GUID, or no element where it is optional.`,
    );
  }
  if (UNSET_DATE.test(value)) {
    return fejl(
      1014,
      `${at()}: the date 0001-01-01 is that of an unset .NET DateTime; expected a real date, or no element where it is optional.`,
    );
  }
  return undefined;
}
