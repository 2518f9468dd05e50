/**
 * Builds, starts the demo server, and opens the inspector on it in a desktop VS Code, or else in VS Code in the
 * browser (always with REALTIME_VSCODE=browser). Runs until Ctrl-C.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Demo, lineFor, startDemo } from '../demo/server.ts'
import { NEWEST } from './code-server.ts'
import { ROOT } from './paths.ts'
import { mustRun, onPath } from './run.ts'
import { ensureSystemPackages, PACKAGES } from './system.ts'
import { startVsCodeServer } from './vscode-server.ts'

/** The extension that connects the inspector to the demo. */
const COMPANION = join(ROOT, 'demo', 'companion')

type Stop = () => Promise<void>

async function main(): Promise<void> {
  await mustRun(process.execPath, ['esbuild.mjs', '--production'], { cwd: ROOT })
  const demo = await startDemo(0)
  const folder = await demoFolder(demo)
  const stop: Stop[] = [() => demo.stop(), () => rm(folder, { recursive: true, force: true })]
  try {
    const ended = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM'), once(process, 'SIGHUP')])
    stop.unshift(await openVsCode(folder))
    console.log('\nThe demo server offers:')
    for (const connection of demo.connections) console.log(`  ${lineFor(connection)}`)
    console.log('\nPress Ctrl-C to stop everything.')
    await ended
  } finally {
    for (const each of stop) await each()
  }
}

/** Copies the folder that VS Code opens, and adds the file from which the companion reads what to connect to. */
async function demoFolder(demo: Demo): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'realtime-demo-'))
  await cp(join(ROOT, 'demo', 'folder'), folder, { recursive: true })
  await writeFile(join(folder, 'demo.json'), JSON.stringify({ connections: demo.connections }, undefined, 2))
  return folder
}

function openVsCode(folder: string): Promise<Stop> {
  // A desktop VS Code refuses to run as root.
  const desktop = process.env.REALTIME_VSCODE !== 'browser' && process.getuid?.() !== 0
  const code = desktop ? onPath('code', 'code.cmd', 'codium') : undefined
  return code === undefined ? openInBrowser(folder) : openOnDesktop(code, folder)
}

async function openOnDesktop(code: string, folder: string): Promise<Stop> {
  const loaded = [ROOT, COMPANION].map((path) => `--extensionDevelopmentPath=${path}`)
  const args = ['--new-window', '--disable-workspace-trust', ...loaded, folder]
  const child = spawn(code, args, { stdio: 'ignore', shell: process.platform === 'win32' })
  await once(child, 'spawn')
  console.log(`VS Code (${code}) opens with the inspector on the demo server.`)
  return async () => console.log('The VS Code window stays open; close it yourself.')
}

async function openInBrowser(folder: string): Promise<Stop> {
  try {
    await ensureSystemPackages(PACKAGES.start)
    const server = await startVsCodeServer({
      release: NEWEST,
      folder,
      installed: [ROOT, COMPANION],
    })
    console.log(`\nOpen VS Code with the inspector in your browser:\n\n  ${server.url}`)
    return server.stop
  } catch (cause) {
    const packages = PACKAGES.start.join(' ')
    throw new Error(
      `VS Code cannot be opened here. Install a desktop VS Code (\`code\` on the PATH), or, to build one for the browser, ${packages}.`,
      { cause },
    )
  }
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  if (error instanceof Error && error.cause instanceof Error) console.error(error.cause.message)
  process.exitCode = 1
}
