import { enableCompileCache } from 'node:module';

// Before anything large is imported: the second start then skips compiling.
enableCompileCache();
const { runStart } = await import('./run-start.ts');
await runStart(process.argv.slice(2), process.env);
