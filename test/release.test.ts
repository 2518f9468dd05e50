/** The script that makes a release, as a dry run. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from '../scripts/paths.ts'
import { checkRepository, notesOf } from '../scripts/release.ts'
import { removeTempDirs, tempDir } from './support/temp-dir.ts'

const run = promisify(execFile)
const CHANGELOG =
  '# Changelog\n\n## Unreleased\n\n- More\n\n## [1.1.0] - 2026-02-03\n\n- New\n\n## [1.0.0] - 2026-01-02\n\n## [0.9.0]\n\n- Old\n'

describe('a release', () => {
  afterEach(removeTempDirs)

  it('has the notes of its version in the changelog', () => {
    assert.equal(notesOf('1.1.0', CHANGELOG), '- New\n')
    assert.throws(() => notesOf('1.2.0', CHANGELOG), /has no section for 1\.2\.0/)
    assert.throws(() => notesOf('1.0.0', CHANGELOG), /section for 1\.0\.0 in CHANGELOG\.md is empty/)
    assert.throws(() => notesOf('0.9.0', CHANGELOG), /section for 0\.9\.0 in CHANGELOG\.md has no date/)
  })

  it('is made of a commit with the tag of the version, and of nothing else', async () => {
    const folder = tempDir()
    const git = (...args: string[]) =>
      run('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.test', ...args], { cwd: folder })
    await git('init', '--quiet')
    await git('commit', '--quiet', '--allow-empty', '--message', 'First')
    await git('tag', 'v1.0.0')
    await checkRepository(folder, '1.0.0')
    await assert.rejects(checkRepository(folder, '1.0.1'), /does not have the tag v1\.0\.1/)
    writeFileSync(join(folder, 'more.txt'), '')
    await assert.rejects(checkRepository(folder, '1.0.0'), /not committed/)
    await git('add', '.')
    await git('commit', '--quiet', '--message', 'Second')
    await assert.rejects(checkRepository(folder, '1.0.0'), /does not have the tag v1\.0\.0/)
  })

  it('is not published from anywhere but a workflow', async () => {
    const { ACTIONS_ID_TOKEN_REQUEST_URL: _, ...env } = process.env
    const failed = await run(process.execPath, ['scripts/release.ts', tempDir(), '--publish'], {
      cwd: ROOT,
      env,
    }).then(
      () => assert.fail('it ran'),
      (error) => error,
    )
    assert.equal(failed.code, 1)
    assert.match(failed.stderr, /Publish from one\.|CHANGELOG\.md/)
  })

  it('makes both packages and its notes in a dry run, and publishes nothing', async function () {
    // It makes two production builds.
    this.timeout(1_200_000)
    const folder = tempDir()
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    const { stdout, stderr } = await run(process.execPath, ['scripts/release.ts', folder], {
      cwd: ROOT,
      maxBuffer: 10_000_000,
    })
    assert.match(stdout, /This was a dry run\. A release would also run: npx vsce publish --packagePath/)
    assert.match(stdout, /would also run: npx --yes ovsx@0\.10 publish/)
    assert.match(stdout + stderr, /\(dry-run\)/)
    assert.deepEqual(
      readdirSync(folder).toSorted(),
      [
        'notes.md',
        'npm',
        `realtime-inspector-${version}.tgz`,
        `realtime-inspector-${version}.vsix`,
      ].toSorted(),
    )
  })
})
