import { mergeConfig } from 'vite';
import page from '../../vite.config.ts';

export default mergeConfig(page, {
  root: import.meta.dirname,
  publicDir: false,
  build: { outDir: '../../.generated/answerers', emptyOutDir: true },
});
