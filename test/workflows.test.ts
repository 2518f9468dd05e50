/** The workflows of CI, checked by GitHub's own language service: they cannot run here. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { load } from 'js-yaml'
import { ROOT } from '../scripts/paths.ts'
import { removeTempDirs, tempDir } from './support/temp-dir.ts'

const FOLDER = join(ROOT, '.github', 'workflows')
const NAMES = readdirSync(FOLDER)
const textOf = (name: string) => readFileSync(join(FOLDER, name), 'utf8')

interface Step {
  readonly run?: string
  readonly if?: string
  readonly name?: string
}

interface Job {
  readonly steps?: readonly Step[]
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> }
}

const jobsOf = (name: string) => (load(textOf(name)) as { jobs: Readonly<Record<string, Job>> }).jobs
const stepsOf = (name: string) => Object.values(jobsOf(name)).flatMap(({ steps = [] }) => steps)

type Check = (name: string, text: string) => Promise<readonly string[]>

/** The service imports JSON in a way that only bundlers understand. */
async function loadService(): Promise<Check> {
  const outfile = join(tempDir(), 'service.mjs')
  const contents = `
    export { validate } from '@actions/languageservice/validate'
    export { TextDocument } from 'vscode-languageserver-textdocument'`
  await build({
    stdin: { contents, resolveDir: ROOT },
    ...{ bundle: true, platform: 'node', format: 'esm', outfile, logLevel: 'error' },
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  })
  const { validate, TextDocument } = await import(pathToFileURL(outfile).href)
  return async (name, text) => {
    const found = await validate(TextDocument.create(`file:///.github/workflows/${name}`, 'yaml', 1, text))
    return found.map(
      (each: { range: { start: { line: number } }; message: string }) =>
        `${name}:${each.range.start.line + 1}: ${each.message}`,
    )
  }
}

describe('the workflows', () => {
  let check: Check
  before(async () => {
    check = await loadService()
  })
  after(removeTempDirs)

  for (const name of NAMES)
    it(`have no mistakes: ${name}`, async () => {
      assert.deepEqual(await check(name, textOf(name)), [])
    })

  it('are checked by a service that finds mistakes', async () => {
    const wrong = textOf('ci.yml')
      .replace('needs: packages', 'needs: package')
      .replace('timeout-minutes: 15', 'timeout: 15')
      .replace('matrix.os', 'startWith(matrix.os)')
    const found = (await check('wrong.yml', wrong)).join('\n')
    assert.match(found, /'package' is not valid/)
    assert.match(found, /Unexpected value 'timeout'/)
    assert.match(found, /Unrecognized function: 'startWith'/)
  })

  it('cover the systems, the versions of Node.js, and the oldest and the newest VS Code', () => {
    const { desktop, terminal } = jobsOf('ci.yml')
    const systems = ['ubuntu-latest', 'macos-latest', 'windows-latest']
    assert.deepEqual(desktop?.strategy?.matrix, { os: systems, vscode: ['oldest', 'newest'] })
    assert.deepEqual(terminal?.strategy?.matrix, { os: systems, node: [20, 22, 24] })
  })

  it('run scripts that package.json has', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    const lines = NAMES.flatMap(stepsOf).flatMap(({ run = '' }) => run)
    const asked = lines.flatMap((line) =>
      [...line.matchAll(/npm (?:run )?([\w:]+)/g)].map(([, name]) => name),
    )
    const own = asked.filter((name) => !['ci', 'install', 'pack', 'publish'].includes(name ?? ''))
    assert.deepEqual(
      own.filter((name) => scripts[name ?? ''] === undefined),
      [],
    )
    assert.ok(own.includes('test:unit'))
  })

  it('publish only for a tag, and only by the script that checks the release', () => {
    const steps = stepsOf('release.yml')
    const publishing = steps.filter(({ name = '' }) => /^(?:Publish|Make|Attest)/.test(name))
    assert.equal(publishing.length, 3)
    for (const { name, if: condition } of publishing)
      assert.equal(condition, "github.ref_type == 'tag'", name)
    const lines = NAMES.flatMap(stepsOf).flatMap(({ run = '' }) => run.split('\n'))
    assert.deepEqual(
      lines.filter((line) => /publish|vsce|ovsx/.test(line)),
      ['node scripts/release.ts dist-npm/release --publish'],
    )
    const tried = steps.find(({ name }) => name === 'Try the release')
    assert.equal(tried?.run, 'node scripts/release.ts dist-npm/release')
  })
})
