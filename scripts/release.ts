/**
 * Makes a release: `node scripts/release.ts FOLDER` checks it, and writes the .vsix, the npm archive and the notes. With
 * `--publish` it also publishes them; otherwise it says what it would do. A release that failed halfway can be run again:
 * it skips a registry that already has the version.
 */
import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { makeNpmPackage } from './npm-package.ts'
import { makePackage } from './package.ts'
import { ROOT } from './paths.ts'
import { mustRun } from './run.ts'

const runQuietly = promisify(execFile)

/** The section of a version in the changelog. Throws if the version is missing, or if its section is empty or has no date. */
export function notesOf(version: string, changelog: string): string {
  const section = changelog
    .split(/^## /m)
    .find((each) => each.startsWith(`[${version}]`) || each.startsWith(`${version} `))
  if (section === undefined)
    throw new Error(
      `CHANGELOG.md has no section for ${version}. Rename its section "Unreleased", with the date.`,
    )
  const [heading = '', ...lines] = section.split('\n')
  if (!/\d{4}-\d{2}-\d{2}$/.test(heading.trim()))
    throw new Error(
      `The section for ${version} in CHANGELOG.md has no date. Write "## [${version}] - 2026-01-31".`,
    )
  const notes = lines.join('\n').trim()
  if (notes === '')
    throw new Error(`The section for ${version} in CHANGELOG.md is empty. Say what has changed.`)
  return `${notes}\n`
}

/** Throws unless all that is in `folder` is committed, and the commit has the tag of the version. */
export async function checkRepository(folder: string, version: string): Promise<void> {
  const git = async (...args: string[]) => (await runQuietly('git', args, { cwd: folder })).stdout.trim()
  if ((await git('status', '--porcelain')) !== '')
    throw new Error('There are changes that are not committed. Commit them first.')
  const tags = (await git('tag', '--points-at', 'HEAD')).split('\n')
  if (!tags.includes(`v${version}`))
    throw new Error(
      `The commit does not have the tag v${version}. Tag the commit whose package.json has the version.`,
    )
}

/** Throws if a registry would refuse us. Finding that out after another registry has published would be too late. */
function checkCredentials(): void {
  // A statement of provenance is signed with the identity of the workflow, which only a workflow has.
  if (process.env.ACTIONS_ID_TOKEN_REQUEST_URL === undefined)
    throw new Error(
      'npm --provenance needs a workflow with the permission "id-token: write". Publish from one.',
    )
  const missing = ['NODE_AUTH_TOKEN', 'VSCE_PAT', 'OVSX_PAT'].filter((name) => !process.env[name])
  if (missing.length > 0)
    throw new Error(`The workflow does not set ${missing.join(', ')}. Add the secrets of the registries.`)
}

/** Makes the files of the release in `folder`. Resolves to their paths. */
async function makeRelease(folder: string, version: string, notes: string) {
  await mkdir(folder, { recursive: true })
  const vsix = join(folder, `realtime-inspector-${version}.vsix`)
  await makePackage(vsix)
  const terminal = join(folder, 'npm')
  await makeNpmPackage(terminal)
  await mustRun('npm', ['pack', '--pack-destination', folder], { cwd: terminal })
  const archive = join(folder, `realtime-inspector-${version}.tgz`)
  await writeFile(join(folder, 'notes.md'), notes)
  return { vsix, archive }
}

/** Notes of the version. A dry run prints what is wrong with them, and goes on. */
async function notesFor(version: string, publish: boolean): Promise<string> {
  try {
    return notesOf(version, await readFile(join(ROOT, 'CHANGELOG.md'), 'utf8'))
  } catch (wrong) {
    if (publish || !(wrong instanceof Error)) throw wrong
    console.log(`Not ready to release: ${wrong.message}`)
    return ''
  }
}

/** Whether the npm registry has the version. If it cannot be asked, no: publishing then says what is wrong. */
async function isOnNpm(version: string): Promise<boolean> {
  const args = ['view', `realtime-inspector@${version}`, 'version']
  return runQuietly('npm', args).then(
    ({ stdout }) => stdout.trim() === version,
    () => false,
  )
}

async function release(folder: string, publish: boolean): Promise<void> {
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'))
  const notes = await notesFor(version, publish)
  if (publish) {
    checkCredentials()
    await checkRepository(ROOT, version)
  }
  const { vsix, archive } = await makeRelease(folder, version, notes)
  if (await isOnNpm(version)) console.log(`The npm registry already has version ${version}.`)
  else {
    const npm = ['publish', archive, '--provenance', '--access', 'public']
    await mustRun('npm', publish ? npm : [...npm, '--dry-run'])
  }
  // vsce and ovsx have no dry run. Making the package has already checked what they would check of it.
  for (const npx of [
    ['vsce', 'publish', '--packagePath', vsix, '--skip-duplicate'],
    ['--yes', 'ovsx@0.10', 'publish', vsix, '--skip-duplicate'],
  ])
    if (publish) await mustRun('npx', npx, { cwd: ROOT })
    else console.log(`This was a dry run. A release would also run: npx ${npx.join(' ')}`)
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    options: { publish: { type: 'boolean' } },
    allowPositionals: true,
  })
  try {
    await release(resolve(positionals[0] ?? join(ROOT, 'dist-npm', 'release')), values.publish === true)
  } catch (failed) {
    console.error(failed instanceof Error ? failed.message : failed)
    process.exitCode = 1
  }
}
