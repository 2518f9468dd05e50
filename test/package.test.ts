/** The extension as it ships. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import { makePackage } from '../scripts/package.ts'
import { ROOT } from '../scripts/paths.ts'
import { removeTempDirs, tempDir } from './support/temp-dir.ts'

/** Bytes. */
const MAX_SIZE = 1_000_000
/** vsce warns of more. */
const MAX_SCRIPTS = 100

/** The files of a .vsix: its manifest, and our files in `extension/`. */
const EXPECTED =
  /^(\[Content_Types\]\.xml|extension\.vsixmanifest|extension\/(package\.json|package\.nls\.json|l10n\/bundle\.l10n\.[\w-]+\.json|readme\.md|changelog\.md|LICENSE\.txt|media\/(icon\.png|side-bar\.svg|walkthrough\/\w+\.svg)|schemas\/(protocols|settings)\.schema\.json|syntaxes\/[\w.-]+\.json|dist\/(third-party-notices\.txt|(extension|pages|programs)\.br|[\w.-]+\.(cjs|js))))$/

/** The packages that our code imports. */
function imported(): string[] {
  const sources = ['src', 'webview'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /(?<!\.d)\.tsx?$/.test(name))
      .map((name) => readFileSync(join(ROOT, folder, name), 'utf8')),
  )
  const specifiers = sources.flatMap((text) => [
    ...text.matchAll(
      /^(?:import|} from|export .* from)\s(?!type )(?:[^'\n]* from )?'((?:@[\w-]+\/)?[\w-]+)/gm,
    ),
  ])
  return [...new Set(specifiers.map(([, name = '']) => name))].filter(
    (name) => !['node', 'vscode'].includes(name),
  )
}

/** The modules in the archives, with their names. */
function packedModules(): Map<string, string> {
  const { modulesIn } = createRequire(import.meta.url)('../scripts/archives/load.cjs')
  const archives = ['extension.br', 'programs.br', 'npm-only.br']
  return new Map(
    archives.flatMap((name) => {
      const modules: Map<string, Buffer> = modulesIn(join(ROOT, 'dist', name))
      return [...modules].map(([key, code]) => [key, code.toString()] as const)
    }),
  )
}

/** Names in a zip archive, from its central directory (APPNOTE.TXT sections 4.3.12 and 4.3.16). */
function namesIn(archive: Buffer): string[] {
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06'))
  const names: string[] = []
  let at = archive.readUInt32LE(end + 16)
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset))
    const start = at + 46
    names.push(archive.toString('utf8', start, start + (name ?? 0)))
    at = start + (name ?? 0) + (extra ?? 0) + (comment ?? 0)
  }
  return names
}

/** The lowest version of a range in package.json, or of one of its alternatives. */
const LEAST = /^\s*(>=|\^|~)?\s*(\d+)(?:\.(\d+))?(?:\.(\d+))?/

/** Whether the range allows a Node.js version, given as three numbers. */
function admits(range: string, version: readonly number[]): boolean {
  return range.split('||').some((alternative) => {
    const [, operator, ...least] = LEAST.exec(alternative) ?? []
    const differences = least.map((part, index) => (version[index] ?? 0) - Number(part ?? 0))
    const isAbove = (differences.find((difference) => difference !== 0) ?? 0) >= 0
    return isAbove && (operator === '>=' || (differences[0] ?? 0) === 0)
  })
}

describe('the repository', () => {
  it('installs without warnings on the oldest supported Node.js', () => {
    const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
      readonly packages: Readonly<Record<string, { readonly engines?: { readonly node?: string } }>>
    }
    const oldest = packages['']?.engines?.node?.match(/\d+/g)?.map(Number) ?? []
    assert.equal(oldest.length, 3)
    const unfit = Object.entries(packages).flatMap(([path, { engines }]) =>
      admits(engines?.node ?? '>=0', oldest) ? [] : [`${path}: ${engines?.node}`],
    )
    assert.deepEqual(unfit, [])
  })
})

describe('the package', () => {
  let archive: Buffer

  before(async () => {
    // Making the package bundles everything.
    const file = join(tempDir(), 'realtime-inspector.vsix')
    await makePackage(file)
    archive = readFileSync(file)
  })
  after(removeTempDirs)

  it('stays small', () => {
    assert.ok(
      archive.length < MAX_SIZE,
      `The .vsix has ${archive.length} bytes, and may have ${MAX_SIZE}: see "Size of the .vsix" in docs/architecture.md.`,
    )
    const scripts = namesIn(archive).filter((name) => /\.[cm]?js$/.test(name))
    assert.ok(scripts.length <= MAX_SCRIPTS, `${scripts.length} scripts; put them into the archives.`)
  })

  it('leaves out what only the npm package has, and says so', async () => {
    const folder = tempDir()
    for (const name of ['cli.js', 'load.cjs', 'code-cache.cjs', 'extension.br', 'programs.br'])
      copyFileSync(join(ROOT, 'dist', name), join(folder, name))
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    const env = { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' }
    const ran = spawnSync(process.execPath, [join(folder, 'cli.js'), 'mcp'], { encoding: 'utf8', env })
    assert.equal(ran.status, 1)
    assert.match(ran.stderr, /^The terminal that came with the extension does not have mcp; install it .*\n$/)
  })

  it('contains the programs, the manifest, readme, changelog, license, icon and schemas, and nothing else', () => {
    const names = namesIn(archive)
    assert.deepEqual(
      names.filter((name) => !EXPECTED.test(name)),
      [],
    )
    for (const wanted of [
      ...[
        'package.json',
        'package.nls.json',
        'readme.md',
        'changelog.md',
        'LICENSE.txt',
        'media/icon.png',
        'schemas/protocols.schema.json',
        'schemas/settings.schema.json',
        'syntaxes/http.tmLanguage.json',
      ],
      ...[
        'dist/extension.cjs',
        'dist/load.cjs',
        'dist/extension.br',
        'dist/programs.br',
        'dist/engine.js',
        'dist/jobs.js',
        'dist/cli.js',
        'dist/pages.br',
        'dist/third-party-notices.txt',
      ],
    ])
      assert.ok(names.includes(`extension/${wanted}`), `${wanted} is missing among ${names.join(', ')}`)
  })

  it('has the files of the pages of this build in their archive', () => {
    const { modulesIn } = createRequire(import.meta.url)('../scripts/archives/load.cjs')
    const files: Map<string, Buffer> = modulesIn(join(ROOT, 'dist', 'pages.br'))
    const names = ['codicon.ttf', 'compare.css', 'compare.js', 'webview.css', 'webview.js']
    assert.deepEqual([...files.keys()].sort(), names)
    for (const [name, contents] of files)
      assert.ok(contents.equals(readFileSync(join(ROOT, 'dist', name))), name)
  })

  it('has an archive of an earlier build if that has the same files', async () => {
    const { packPages } = createRequire(import.meta.url)('../scripts/archives/pack.mjs')
    const folder = tempDir()
    const packed = async (text: string): Promise<Buffer> => {
      const page = { path: '/webview.js', contents: Buffer.from(text) }
      const { path, contents } = await packPages([page], folder)
      writeFileSync(path, contents)
      return contents
    }
    const [first, other] = [await packed('1'), await packed('2')]
    assert.ok(!first.equals(other))
    const file = join(folder, 'pages.br')
    for (const before of [Buffer.of(), first.subarray(0, -1), other]) {
      writeFileSync(file, before)
      assert.ok((await packed('1')).equals(first))
    }
    // The same files, compressed in another way
    const alike = brotliCompressSync(brotliDecompressSync(first), {
      params: { [constants.BROTLI_PARAM_QUALITY]: 0 },
    })
    writeFileSync(file, alike)
    assert.ok(!alike.equals(first))
    assert.ok((await packed('1')).equals(alike))
  })

  it('contains every file that the manifest names', () => {
    const names = namesIn(archive).map((name) => name.toLowerCase())
    const manifest = readFileSync(join(ROOT, 'package.json'), 'utf8')
    const { contributes, icon } = JSON.parse(manifest)
    const named = [
      ...JSON.stringify({ contributes, icon }).matchAll(/"(?:\.\/)?([\w./-]+\.(?:svg|png|json))"/g),
    ]
      .map(([, path = '']) => path)
      .filter((path) => existsSync(join(ROOT, path)))
    assert.ok(named.includes('media/side-bar.svg'), named.join(', '))
    for (const path of named)
      assert.ok(names.includes(`extension/${path}`.toLowerCase()), `${path} is missing`)
  })

  it('contains the license of every bundled package', () => {
    const notices = readFileSync(join(ROOT, 'dist', 'third-party-notices.txt'), 'utf8').split(/^-{80}$/m)
    const packages = imported()
    assert.ok(packages.length > 10, packages.join(', '))
    for (const name of [...packages, '@vscode/codicons'])
      assert.ok(
        notices.some(
          (notice) => notice.includes(`\n${name} `) && /copyright|licen[cs]e/i.test(notice.slice(100)),
        ),
        `The license of ${name} is missing.`,
      )
  })

  it('contains each icon that its pages show, in their style sheet', () => {
    const pages = readdirSync(join(ROOT, 'webview'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.tsx'))
      .map((name) => readFileSync(join(ROOT, 'webview', name), 'utf8'))
      .join('\n')
    const shown = new Set([...pages.matchAll(/<Icon name="([\w-]+)"/g)].map(([, name = '']) => name))
    const sheet = readFileSync(join(ROOT, 'dist', 'webview.css'), 'utf8')
    const ruled = new Set([...sheet.matchAll(/\.codicon-([\w-]+):before\{/g)].map(([, name]) => name))
    assert.ok(shown.size > 5, [...shown].join(', '))
    assert.deepEqual(
      [...shown].filter((name) => !ruled.has(name)),
      [],
    )
  })

  it('has no import() in modules of archives, where it fails', () => {
    const importing = [...packedModules()].filter(([, code]) => /[^.\w]import\(/.test(code))
    assert.deepEqual(
      importing.map(([name]) => name),
      [],
    )
  })

  it('asks for the API of VS Code once, not once for each module', () => {
    const code = [...packedModules().values()].join('\n')
    assert.equal(code.match(/require\(["'`]vscode["'`]\)/g)?.length, 1)
  })

  it('is a production build without source maps', () => {
    const names = readdirSync(join(ROOT, 'dist'), { recursive: true }).map(String)
    const programs = names
      .filter((name) => /\.(c?js|css)$/.test(name))
      .map((name) => [name, readFileSync(join(ROOT, 'dist', name), 'utf8')] as const)
    assert.ok(programs.length > 0)
    for (const [name, text] of [...programs, ...packedModules()]) {
      // Not the expression by which the debugger's scripts are searched for theirs.
      assert.doesNotMatch(text, /sourceMappingURL=[\w.-]/, name)
      // A chunk with little beside texts, such as a command's help or the presets, has their lines.
      if (text.length > 4096) assert.ok(text.length / text.split('\n').length > 60, `${name} is not minified`)
    }
  })
})
