import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

// Vue must know that the element is none of its components.
const isCustomElement = (tag) => tag === 'scope-picker';

export default defineConfig({ base: './', plugins: [vue({ template: { compilerOptions: { isCustomElement } } })] });
