/** Serves the built panel in a page of its own, with a fake host and a theme. */
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { build } from 'esbuild'
import { THEMES, type ThemeName } from './themes.ts'

const ROOT = join(import.meta.dirname, '../../..')
const TYPES: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css', ttf: 'font/ttf' }

/** As strict as the editor's: no inline scripts or styles, no other origins. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src blob: data:; media-src blob:"

/** The script of the fake host. */
let fakeHost: Promise<string> | undefined

/** Bundles a script for the page. */
export async function bundleScript(path: string): Promise<string> {
  const result = await build({
    entryPoints: [path],
    bundle: true,
    write: false,
    format: 'iife',
    logLevel: 'silent',
  })
  return result.outputFiles[0]?.text ?? ''
}

function themeCss(name: ThemeName): string {
  const lines = Object.entries(THEMES[name].variables).map(
    ([variable, value]) => `--vscode-${variable}: ${value};`,
  )
  return `:root { ${lines.join(' ')} color-scheme: ${name.includes('light') ? 'light' : 'dark'} }`
}

function html(theme: ThemeName, events: number): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Realtime Inspector</title>
<link rel="stylesheet" href="theme.css?theme=${theme}"><link rel="stylesheet" href="webview.css">
<script src="host.js?events=${events}"></script></head>
<body class="${THEMES[theme].body}"><script type="module" src="webview.js"></script></body></html>`
}

export interface Preview {
  readonly server: Server
  url(theme: ThemeName, events: number): string
}

/** Starts the server. The panel must be built in `dist`. */
export async function servePreview(dist = join(ROOT, 'dist')): Promise<Preview> {
  fakeHost ??= bundleScript(join(import.meta.dirname, 'host.ts'))
  const host = await fakeHost
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://preview')
    const theme = (searchParams.get('theme') ?? 'dark') as ThemeName
    const events = Number(searchParams.get('events') ?? 0)
    const answer = (type: string, body: string | Buffer) =>
      response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY }).end(body)
    if (pathname === '/favicon.ico') response.writeHead(204).end()
    else if (pathname === '/') answer('text/html', html(theme, events))
    else if (pathname === '/theme.css') answer('text/css', themeCss(theme))
    else if (pathname === '/host.js') answer('text/javascript', `globalThis.fakeEvents = ${events};\n${host}`)
    else {
      const name = pathname.slice(1)
      const body = /^(webview\.(js|css)|codicon\.ttf)$/.test(name)
        ? await readFile(join(dist, name)).catch(() => undefined)
        : undefined
      if (body === undefined) response.writeHead(404).end()
      else answer(TYPES[name.split('.').at(-1) ?? ''] ?? 'text/plain', body)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { server, url: (theme, events) => `http://127.0.0.1:${port}/?theme=${theme}&events=${events}` }
}
