import type { Route } from './lib/router.svelte.ts';

export const routes: readonly Route[] = [
  {
    pattern: '/',
    role: 'clinician',
    messages: ['look', 'device'],
    alone: true,
    load: () => import('./pages/Look.svelte'),
  },
  { pattern: '/live', role: 'clinician', messages: ['look', 'live'], load: () => import('./pages/Live.svelte') },
  { pattern: '/history', role: 'viewer', messages: ['history'], load: () => import('./pages/History.svelte') },
  {
    pattern: '/history/{patient}',
    role: 'viewer',
    messages: ['history', 'look'],
    load: () => import('./pages/Patient.svelte'),
  },
  {
    pattern: '/predictions/{id}',
    role: 'viewer',
    messages: ['history', 'look'],
    load: () => import('./pages/OnePrediction.svelte'),
  },
  { pattern: '/review', role: 'reviewer', messages: ['review', 'look'], load: () => import('./pages/Review.svelte') },
  {
    pattern: '/review/agreement',
    role: 'reviewer',
    messages: ['review'],
    load: () => import('./pages/Agreement.svelte'),
  },
  { pattern: '/models', role: 'viewer', messages: ['models'], load: () => import('./pages/Models.svelte') },
  { pattern: '/models/{id}', role: 'viewer', messages: ['models'], load: () => import('./pages/OneModel.svelte') },
  { pattern: '/data', role: 'reviewer', messages: ['data'], load: () => import('./pages/Data.svelte') },
  {
    pattern: '/data/{job}',
    role: 'reviewer',
    messages: ['data', 'models'],
    load: () => import('./pages/OneJob.svelte'),
  },
  {
    pattern: '/data/{job}/findings',
    role: 'reviewer',
    messages: ['data'],
    load: () => import('./pages/Findings.svelte'),
  },
  {
    pattern: '/settings',
    role: 'viewer',
    messages: ['settings', 'device'],
    alone: true,
    load: () => import('./pages/Settings.svelte'),
  },
  {
    pattern: '/about',
    role: 'viewer',
    messages: ['settings'],
    alone: true,
    load: () => import('./pages/About.svelte'),
  },
];
