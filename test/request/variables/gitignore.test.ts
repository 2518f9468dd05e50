import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DOTENV_FILE, PRIVATE_FILE } from '../../../src/request/variables/environments.ts'
import { type IgnoreFile, isIgnored, withIgnored } from '../../../src/request/variables/gitignore.ts'
import { seededRandom } from '../../support/splits.ts'
import { removeTempDirs } from '../../support/temp-dir.ts'
import { folderWith } from './disk.ts'

/** Which of the paths git ignores. */
function ignoredByGit(root: string, paths: readonly string[]): string[] {
  const git = spawnSync('git', ['-c', 'core.excludesFile=', 'check-ignore', '--no-index', '--stdin'], {
    cwd: root,
    input: paths.join('\n'),
    encoding: 'utf8',
  })
  assert.ok(git.status === 0 || git.status === 1, git.stderr)
  return git.stdout.split('\n').filter((path) => path !== '')
}

const PRIVATE_FILES = [PRIVATE_FILE, DOTENV_FILE]
const PATHS = PRIVATE_FILES.flatMap((name) => ['', 'api/', 'api/v1/'].map((folder) => folder + name))

describe('what git ignores', () => {
  afterEach(removeTempDirs)

  for (const [what, files, ignored] of [
    ['nothing is said', [], []],
    ['other files are named', [['', '*.log\nnode_modules/\n']], []],
    ['names are listed', [['', '.env\n']], ['.env', 'api/.env', 'api/v1/.env']],
    ['a pattern fits', [['', '*.private.env.json\n']], PATHS.filter((path) => path.endsWith('json'))],
    ['a folder is ignored', [['', 'api/\n']], PATHS.filter((path) => path.startsWith('api/'))],
    ['it holds for one folder', [['', '/.env\n']], ['.env']],
    [
      'a nearer file takes it back',
      [
        ['', '.env\n'],
        ['api', '!.env\n'],
      ],
      ['.env'],
    ],
    ['a nearer file adds it', [['api/v1', '*\n']], PATHS.filter((path) => path.startsWith('api/v1'))],
    [
      'a nearer file takes its folder back',
      [
        ['', 'v1/\n'],
        ['api', '!v1/\n'],
      ],
      [],
    ],
    ['it is a comment', [['', '# .env\n\\#x\n']], []],
  ] as const)
    it(`is found if ${what}`, async () => {
      const rules = files.map(([folder, text]): IgnoreFile => ({ folder, text }))
      const found: string[] = []
      for (const path of PATHS) if (await isIgnored(path, rules)) found.push(path)
      assert.deepEqual(found, ignored)
    })

  it('is what git says, for any rules', async () => {
    const random = seededRandom(3)
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
    const patterns = [
      '.env',
      '*.json',
      'api',
      'api/',
      '/api/v1',
      'v1/',
      '**/.env',
      'api/**',
      '*',
      '.*',
      'http-client.*.env.json',
      '/.env',
      'api/*/.env',
    ]
    const some = () =>
      Array.from(
        { length: Math.floor(random() * 4) },
        () => (random() < 0.4 ? '!' : '') + pick(patterns),
      ).join('\n')
    const root = folderWith(Object.fromEntries(PATHS.map((path) => [path, ''])))
    spawnSync('git', ['init', '-q'], { cwd: root })
    for (let round = 0; round < 40; round++) {
      const rules = ['', 'api', 'api/v1'].map((folder): IgnoreFile => ({ folder, text: some() }))
      for (const { folder, text } of rules) writeFileSync(join(root, folder, '.gitignore'), text)
      const found: string[] = []
      for (const path of PATHS) if (await isIgnored(path, rules)) found.push(path)
      assert.deepEqual(found, ignoredByGit(root, PATHS), JSON.stringify(rules))
    }
  })

  it('is more with a line for each name', async () => {
    assert.equal(withIgnored('', PRIVATE_FILES), 'http-client.private.env.json\n.env\n')
    assert.equal(withIgnored('a\r\nb', ['.env']), 'a\r\nb\r\n.env\r\n')
    for (const path of PATHS)
      assert.ok(await isIgnored(path, [{ folder: '', text: withIgnored('!.env', PRIVATE_FILES) }]))
  })
})
