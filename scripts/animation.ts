/**
 * Films the animation of the README in a real VS Code with the demo server: `node scripts/animation.ts`. Writes
 * `docs/images/tour.gif`, and each still to `test-artifacts/tour` for people to look at.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Workbench } from '../test/click/workbench.ts'
import { Camera } from './animation/camera.ts'
import { gifOf } from './animation/gif.ts'
import { FILES, film } from './animation/scenes.ts'
import { NEWEST } from './code-server.ts'
import { ARTIFACTS, ROOT } from './paths.ts'
import { mustRun } from './run.ts'
import { startVsCodeServer } from './vscode-server.ts'

const SIZE = { width: 1120, height: 760 }
/** Milliseconds: a scene that waits longer has gone wrong. */
const PATIENCE = 90_000
const STILLS = join(ARTIFACTS, 'tour')
const RESULT = join(ROOT, 'docs', 'images', 'tour.gif')

/** Settings that leave the room to the product. */
const SETTINGS = {
  'workbench.colorTheme': 'Default Dark Modern',
  'breadcrumbs.enabled': false,
  'editor.minimap.enabled': false,
  'window.customTitleBarVisibility': 'never',
  'window.menuBarVisibility': 'hidden',
  'workbench.layoutControl.enabled': false,
}

await mustRun(process.execPath, ['esbuild.mjs', '--production'], { cwd: ROOT })
const folder = await mkdtemp(join(tmpdir(), 'realtime-tour-'))
for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text)
const development = { extension: ROOT }
const server = await startVsCodeServer({ release: NEWEST, folder, development, settings: SETTINGS })
try {
  const workbench = await Workbench.open(server.url)
  await workbench.page.setViewportSize(SIZE)
  workbench.page.setDefaultTimeout(PATIENCE)
  const camera = await Camera.of(workbench.page)
  try {
    await film({ workbench, camera })
  } catch (error) {
    // What went wrong is on the last still.
    await camera.still(0)
    throw error
  } finally {
    await rm(STILLS, { recursive: true, force: true })
    await mkdir(STILLS, { recursive: true })
    for (const [i, { parts }] of camera.stills.entries())
      for (const [part, png] of parts.entries())
        await writeFile(join(STILLS, `${String(i).padStart(3, '0')}-${part}.png`), png)
  }
  const gif = gifOf(camera.stills)
  await writeFile(RESULT, gif)
  const seconds = camera.stills.reduce((sum, { hold }) => sum + hold, 0) / 1000
  console.log(`${RESULT}: ${camera.stills.length} stills, ${seconds} s, ${gif.length} bytes`)
  await workbench.close()
} finally {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}
