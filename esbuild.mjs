/** Bundles the four programs: extension host entry, engine worker, terminal, webview. */
import { copyFile, mkdir, rm } from 'node:fs/promises'
import { build, context } from 'esbuild'

const production = process.argv.includes('--production')
const watch = process.argv.includes('--watch')

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  minify: production,
  sourcemap: !production,
  logLevel: 'warning',
  legalComments: 'none',
}

/** @type {import('esbuild').BuildOptions} */
const node = {
  ...common,
  platform: 'node',
  target: 'node20.18',
  external: ['vscode', 'bufferutil', 'utf-8-validate'],
}

/** @type {import('esbuild').BuildOptions[]} */
const programs = [
  {
    ...node,
    entryPoints: { extension: 'src/extension.ts' },
    format: 'cjs',
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
  },
  {
    ...node,
    entryPoints: { engine: 'src/engine/worker.ts' },
    format: 'cjs',
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
  },
  {
    ...node,
    entryPoints: { cli: 'src/cli.ts' },
    format: 'esm',
    outdir: 'dist',
    banner: {
      js: "#!/usr/bin/env node\nimport { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  },
  {
    ...common,
    entryPoints: { webview: 'webview/main.tsx' },
    format: 'esm',
    platform: 'browser',
    target: 'chrome138',
    outdir: 'dist',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
  },
]

await rm('dist', { recursive: true, force: true })
await mkdir('dist', { recursive: true })
await copyFile('node_modules/@vscode/codicons/dist/codicon.ttf', 'dist/codicon.ttf')
if (watch) for (const program of programs) await (await context(program)).watch()
else await Promise.all(programs.map((program) => build(program)))
