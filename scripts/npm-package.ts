/** Makes the npm package of the terminal: `node scripts/npm-package.ts [FOLDER]`, then `npm pack FOLDER`. */
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { completionScript, SHELLS } from '../src/cli/completion/scripts.ts'
import { allCommands } from '../src/cli/program.ts'
import { manPage } from './man-page.ts'
import { ROOT } from './paths.ts'
import { mustRun } from './run.ts'

/** Where it is made by default; not under version control. */
const NPM_PACKAGE = join(ROOT, 'dist-npm')

/** Empties the folder and fills it. What the program needs is bundled, so the package does not depend on others. */
export async function makeNpmPackage(folder = NPM_PACKAGE): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  for (const name of ['man', 'completion']) await mkdir(join(folder, name), { recursive: true })
  const build = ['esbuild.mjs', '--production', '--only=cli', `--outdir=${folder}`]
  await mustRun(process.execPath, build, { cwd: ROOT })

  const { version, license, repository, bugs, homepage, engines } = JSON.parse(
    await readFile(join(ROOT, 'package.json'), 'utf8'),
  )
  const manifest = {
    name: 'realtime-inspector',
    version,
    description:
      'Inspect WebSocket, Server-Sent Events, long-poll and HTTP stream connections in the terminal',
    keywords: [
      'websocket',
      'sse',
      'server-sent-events',
      'eventsource',
      'long-polling',
      'streaming',
      'http',
      'cli',
    ],
    license,
    repository,
    bugs,
    homepage,
    type: 'module',
    bin: { 'realtime-inspector': 'cli.js' },
    man: ['man/realtime-inspector.1'],
    files: ['cli.js', '*.cjs', 'programs.archive', 'man', 'completion', 'third-party-notices.txt'],
    engines: { node: engines.node },
  }
  const commands = await allCommands()
  const texts = {
    'package.json': `${JSON.stringify(manifest, undefined, 2)}\n`,
    'man/realtime-inspector.1': manPage(commands, version),
    // The names that the shells look for.
    ...Object.fromEntries(
      SHELLS.map((shell) => [
        `completion/${shell === 'zsh' ? '_realtime-inspector' : `realtime-inspector.${shell}`}`,
        completionScript(shell, commands),
      ]),
    ),
  }
  for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, name), text)
  await copyFile(join(ROOT, 'src/cli/README.md'), join(folder, 'README.md'))
  await copyFile(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'))
}

if (import.meta.main) await makeNpmPackage(process.argv[2])
