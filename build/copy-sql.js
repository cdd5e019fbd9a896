// Copies the numbered .sql files of the stores beside the compiled code: tsc moves only TypeScript.
import { cpSync } from 'node:fs';

cpSync('src/store', 'dist/store', {
  recursive: true,
  filter: (source) => !source.includes('.') || source.endsWith('.sql'),
});
