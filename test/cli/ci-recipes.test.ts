/** Runs the shell lines of the recipes in docs/ci.md. Only git and npm are stand-ins, so that nothing is downloaded. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import path from 'node:path'
import { load as parseYaml } from 'js-yaml'
import { parse as parseXml } from 'ltx'
import { WebSocketServer } from 'ws'
import { builtCli, cliTests } from '../support/cli.ts'
import { listen } from '../support/loopback.ts'
import { tempDir } from '../support/temp-dir.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const TOKEN = 'tkn-c1-5ecret'

interface Workflow {
  readonly jobs: { readonly realtime: { readonly steps: readonly Step[] } }
}

interface Pipeline {
  readonly realtime: {
    readonly before_script: readonly string[]
    readonly script: readonly string[]
    readonly artifacts: {
      readonly when: string
      readonly paths: readonly string[]
      readonly reports: { readonly junit: string }
    }
  }
}

interface Step {
  readonly run?: string
  readonly env?: Readonly<Record<string, string>>
  readonly if?: string
  readonly with?: { readonly path?: string }
}

interface Ended {
  readonly code: number
  readonly stderr: string
}

async function documentText(): Promise<string> {
  return await readFile(path.join(ROOT, 'docs/ci.md'), 'utf8')
}

/** What the first block of a language has under a heading. */
async function block(heading: string, language: string): Promise<string> {
  const [, section = ''] = (await documentText()).split(`${heading}\n`)
  return section.split(`\`\`\`${language}\n`)[1]?.split('```')[0] ?? assert.fail(heading)
}

describe('the recipes for CI', () => {
  cliTests()
  let folder: string
  let answer: string
  let authorization: string | undefined

  beforeEach(async () => {
    folder = tempDir()
    answer = '{"type":"welcome"}'
    const server = createServer()
    new WebSocketServer({ server }).on('connection', (socket, request) => {
      authorization = request.headers.authorization
      socket.on('message', () => socket.send(answer))
    })
    const host = `127.0.0.1:${await listen(server)}`
    await writeFile(path.join(folder, 'requests.http'), await block('# In CI', 'http'))
    await writeFile(path.join(folder, 'http-client.env.json'), JSON.stringify({ ci: { host } }))
    const bin = path.join(folder, 'stand-ins')
    await mkdir(bin)
    await symlink(path.dirname(await builtCli()), path.join(folder, 'built'))
    await writeFile(
      path.join(bin, 'git'),
      '#!/bin/sh\n[ "$1 $4" = "clone https://git.example/inspector" ] && mkdir "$5" && ln -s "$PWD/built" "$5/dist"\n',
      { mode: 0o755 },
    )
    await writeFile(path.join(bin, 'npm'), '#!/bin/sh\necho "$@" >> npm.log\n', { mode: 0o755 })
  })

  /** Runs lines as CI does: a line that fails ends them. */
  async function shell(script: string, env: Readonly<Record<string, string>>): Promise<Ended> {
    const github = path.join(folder, 'github-path')
    const added = await readFile(github, 'utf8').catch(() => '')
    const paths = [...added.split('\n').filter(Boolean), path.join(folder, 'stand-ins')]
    const PATH = [...paths, path.dirname(process.execPath), process.env.PATH].join(':')
    return await new Promise((resolve) => {
      execFile(
        'bash',
        ['-e', '-c', script],
        { cwd: folder, env: { ...process.env, PATH, GITHUB_PATH: github, ...env } },
        (error, _, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stderr }),
      )
    })
  }

  const VALUES = { INSPECTOR: 'https://git.example/inspector', CHAT_TOKEN: TOKEN }

  /** Returns how the first step that failed ended, else the last one, and which files are uploaded. */
  async function github(): Promise<Ended & { readonly uploaded: readonly string[] }> {
    const { steps } = (parseYaml(await block('## GitHub Actions', 'yaml')) as Workflow).jobs.realtime
    let ended: Ended = { code: 0, stderr: '' }
    for (const { run, env = {} } of steps) {
      if (run === undefined || ended.code !== 0) continue
      const filled = Object.entries(env).map(([name, value]) => {
        const from = /^\$\{\{ (?:secrets|vars)\.(\w+) \}\}$/.exec(value)?.[1]
        return [name, VALUES[from as keyof typeof VALUES] ?? assert.fail(value)]
      })
      ended = await shell(run, Object.fromEntries(filled))
    }
    const uploads = steps.filter((step) => step.if === 'always()')
    return { ...ended, uploaded: uploads.flatMap((step) => step.with?.path?.trim().split('\n') ?? []) }
  }

  async function gitlab(): Promise<Ended & { readonly uploaded: readonly string[] }> {
    const { realtime } = parseYaml(await block('## GitLab CI', 'yaml')) as Pipeline
    const ended = await shell([...realtime.before_script, ...realtime.script].join('\n'), VALUES)
    assert.equal(realtime.artifacts.when, 'always')
    assert.ok(realtime.artifacts.paths.includes(realtime.artifacts.reports.junit))
    return { ...ended, uploaded: realtime.artifacts.paths }
  }

  for (const [name, run] of [
    ['GitHub Actions', github],
    ['GitLab CI', gitlab],
  ] as const) {
    it(`of ${name} passes, and uploads a report and a session without the secret`, async () => {
      const { code, stderr, uploaded } = await run()
      assert.deepEqual([code, stderr], [0, ''])
      assert.equal(authorization, `Bearer ${TOKEN}`)
      const built = await readFile(path.join(folder, 'npm.log'), 'utf8')
      assert.equal(built, 'ci --prefix realtime-inspector\nrun build --prefix realtime-inspector\n')
      assert.equal(uploaded.length, 2)
      for (const file of uploaded)
        assert.doesNotMatch(await readFile(path.join(folder, file), 'utf8'), /5ecret/)
      const { attrs } = parseXml(await readFile(path.join(folder, uploaded[0] ?? ''), 'utf8'))
      assert.deepEqual([attrs.tests, attrs.failures], ['3', '0'])
    })

    it(`of ${name} fails if an expectation does, and says what came instead`, async () => {
      answer = '{"type":"busy"}'
      const { code, stderr, uploaded } = await run()
      assert.equal(code, 1)
      assert.equal(
        `${stderr.trim()}\n`,
        await block('If the server does not send `welcome`, the log says:', 'text'),
      )
      const report = parseXml(await readFile(path.join(folder, uploaded[0] ?? ''), 'utf8'))
      assert.deepEqual([report.attrs.tests, report.attrs.failures], ['3', '1'])
      const cases = report.getChildren('testsuite').flatMap((suite) => suite.getChildren('testcase'))
      const failed = cases.flatMap((each) => each.getChild('failure')?.attrs.message ?? [])
      assert.match(failed[0], /^Expected \$\.type == "welcome" within 5s: .*Came instead: busy\.$/)
    })
  }
})
