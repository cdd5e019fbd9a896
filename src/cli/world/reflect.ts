// The little of the Reflect metadata API without which @peculiar/x509 does not load.
//
// x509 finds its algorithms through tsyringe, which stops at import when Reflect.getMetadata is missing and
// then asks it for constructor parameters, of which those classes have none. A real polyfill package would
// change Reflect for the whole process to answer "nothing"; these lines do that much and no more. Whatever
// is there already is left alone.

type Metadata = (key: unknown, target: object) => unknown;

const reflect = Reflect as typeof Reflect & { getMetadata?: Metadata; getOwnMetadata?: Metadata };

if (!reflect.getMetadata) {
  const nothing: Metadata = () => undefined;
  Object.defineProperty(reflect, 'getMetadata', { value: nothing, configurable: true, writable: true });
  if (!reflect.getOwnMetadata) {
    Object.defineProperty(reflect, 'getOwnMetadata', { value: nothing, configurable: true, writable: true });
  }
}
