import './lib/trusted.ts';
import { mount } from 'svelte';
import './ui.css';
import App from './App.svelte';
import { startLanguage } from './lib/language.svelte.ts';
import { startTheme } from './lib/theme.svelte.ts';

startTheme();
await startLanguage();
const target = document.getElementById('page');
if (!target) throw new Error('index.html has no element "page"');
target.replaceChildren(); // what was shown until now
mount(App, { target });
