// Why a membership ended: the letters of the register, and what they mean.

/** Each letter of `afgangsaarsag`, in words. */
export const AFGANGSAARSAGER: Readonly<Record<string, string>> = {
  S: 'arrears',
  K: 'fraud',
  E: 'other',
  U: 'resigned',
  A: 'moved to another a-kasse',
  F: 'moved abroad',
  O: 'not stated',
  B: 'removed by stock run',
  D: 'death',
};
