import '../../src/lib/trusted.ts';
// A page with nothing on it: measurements and tests call the page's answerers from outside.
import { device } from '../../src/device/device.svelte.ts';
import { server } from '../../src/lib/answer.ts';
import { startLanguage } from '../../src/lib/language.svelte.ts';
import { session } from '../../src/lib/session.svelte.ts';
import type {} from './window.ts';

await startLanguage();
await session.look();
await device.find();
window.answerers = { device, server };
