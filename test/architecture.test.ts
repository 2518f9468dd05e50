/** The import rules of the layers, checked against the code's imports. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'

const ROOT = resolve(import.meta.dirname, '..')

/** The layers, and what each may import besides itself. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'src/shared': [],
  'src/parse': ['src/shared'],
  'src/decode': ['src/parse', 'src/shared'],
  'src/diagnose': ['src/decode', 'src/shared'],
  'src/transport': ['src/parse', 'src/shared'],
  'src/speak': ['src/shared'],
  'src/proxy': ['src/transport', 'src/parse', 'src/shared'],
  'src/attach': ['src/shared'],
  'src/capture': ['src/shared'],
  'src/session': ['src/decode', 'src/diagnose', 'src/capture', 'src/transport', 'src/shared'],
  'src/request': ['src/shared'],
  'src/agents': ['src/request', 'src/shared'],
  'src/engine': [
    'src/session',
    'src/capture',
    'src/speak',
    'src/proxy',
    'src/attach',
    'src/transport',
    'src/decode',
    'src/diagnose',
    'src/shared',
  ],
  'src/vscode': ['src/engine', 'src/agents', 'src/request', 'src/decode', 'src/shared'],
  'src/extension.ts': ['src/vscode', 'src/request'],
  'src/cli': [
    'src/engine',
    'src/agents',
    'src/proxy',
    'src/session',
    'src/request',
    'src/decode',
    'src/diagnose',
    'src/shared',
  ],
  'src/cli.ts': ['src/cli', 'src/transport'],
  webview: ['src/request', 'src/shared'],
}

/**
 * The folders inside a layer, from the bottom up. Each imports only from those before it, and from the files that
 * are directly in the layer.
 */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  'src/vscode': [
    'ui',
    'settings',
    'files',
    'session',
    'agents',
    'saving',
    'payload',
    'connect',
    'requests',
    'presets',
    'language-features',
    'serving',
    'proxy',
    'attach',
    'compare',
    'resend',
    'panel',
    'recording',
    'side-bar',
    'status-bar',
    'commands',
  ],
}

/** The packages that a program loads when it starts, and the files that it loads only when they are needed. */
const AT_START: Readonly<Record<string, { readonly packages: readonly string[]; readonly without: RegExp }>> =
  {
    'src/cli.ts': {
      packages: ['commander', 'get-east-asian-width', 'picocolors'],
      without:
        /^src\/(?:capture|cli\/[^/]+\/(?!terminal-text)|decode|diagnose|engine|parse|request|session\/(?!generator))|\/connection\.ts$/,
    },
    'src/extension.ts': {
      packages: ['valibot', 'vscode'],
      without:
        /^src\/(?:capture|decode\/protocols\/(?!payloads\/protobuf\/imports)|diagnose|parse|session|transport|engine\/(?!client|worker-client|jobs\/client))/,
    },
    'src/engine/worker.ts': {
      packages: ['json-p3', 'jsonpointer', 'valibot'],
      without: /^src\/(?:cli|vscode)\//,
    },
  }

/** A longer file has more than one duty. */
const MAX_LINES = 400

/** What the folders below the page's views may import within the page. Views may import all of them. */
const BELOW_VIEWS: Readonly<Record<string, readonly string[]>> = {
  'webview/format': [],
  'webview/host': [],
  'webview/state/events': ['webview/format'],
  'webview/state/timeline': ['webview/state/events'],
  'webview/state/list': ['webview/format', 'webview/state/events', 'webview/state/preview'],
  'webview/state/preview': ['webview/format'],
  'webview/state': [
    'webview/format',
    'webview/host',
    'webview/state/events',
    'webview/state/list',
    'webview/state/preview',
    'webview/state/timeline',
  ],
  'webview/ui': ['webview/state'],
}

interface Import {
  readonly from: string
  readonly specifier: string
  /** The imported file, relative to the repository; undefined for a package. */
  readonly file: string | undefined
}

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name).split(sep).join('/'))
    .filter((name) => /\.tsx?$/.test(name))
}

/** Static, dynamic, side-effect and type imports, and re-exports. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  const pattern = /(?:\bfrom\s*|\bimport\s*\(\s*|^\s*import\s+)'([^'\n]+)'/gm
  return [...text.matchAll(pattern)].map(([, specifier = '']) => {
    const local = specifier.startsWith('.')
    const target = resolve(ROOT, dirname(file), specifier)
    return { from: file, specifier, file: local ? relative(ROOT, target).split(sep).join('/') : undefined }
  })
}

/** The files and packages that are loaded with a file: those that it imports at its top, and so on. */
function loadedWith(file: string, loaded = new Set<string>()): ReadonlySet<string> {
  loaded.add(file)
  const text = readFileSync(join(ROOT, file), 'utf8')
  for (const [, specifier = ''] of text.matchAll(
    /^(?:import|export) (?!type )(?:[^';]*? from )?'([^']+)'/gm,
  )) {
    if (!specifier.startsWith('.')) loaded.add(specifier)
    else {
      const next = relative(ROOT, resolve(ROOT, dirname(file), specifier))
        .split(sep)
        .join('/')
      if (next.endsWith('.ts') && !loaded.has(next)) loadedWith(next, loaded)
    }
  }
  return loaded
}

function layerOf(file: string): string | undefined {
  return Object.keys(ALLOWED).find((layer) => file === layer || file.startsWith(`${layer}/`))
}

/** The first cycle found among the files, each importing the next. */
function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>()
  const path: string[] = []
  const visit = (file: string): string[] | undefined => {
    const at = path.indexOf(file)
    if (at >= 0) return [...path.slice(at), file]
    if (done.has(file)) return undefined
    path.push(file)
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next)
      if (cycle !== undefined) return cycle
    }
    path.pop()
    done.add(file)
    return undefined
  }
  for (const file of graph.keys()) {
    const cycle = visit(file)
    if (cycle !== undefined) return cycle
  }
  return undefined
}

/** The folders within a folder, and which of them each imports. */
function folderGraph(root: string): ReadonlyMap<string, readonly string[]> {
  const graph = new Map<string, string[]>()
  for (const { from, file } of sources(root).flatMap(importsOf)) {
    const [own, target] = [dirname(from), dirname(file ?? '')]
    if (target !== own && target.startsWith(root)) graph.set(own, [...(graph.get(own) ?? []), target])
  }
  return graph
}

describe('the architecture', () => {
  const files = [...sources('src'), ...sources('webview')]
  const imports = files.flatMap(importsOf)

  it('is checked against real imports', () => {
    assert.ok(files.length > 50, `${files.length} files`)
    assert.ok(imports.length > files.length, `${imports.length} imports`)
  })

  it('has a layer for every file', () => {
    assert.deepEqual(
      files.filter((file) => layerOf(file) === undefined),
      [],
    )
  })

  it('imports downwards only', () => {
    const upward = imports.filter(({ from, file }) => {
      if (file === undefined || !/\.tsx?$/.test(file)) return false
      const [own = '', target = ''] = [layerOf(from), layerOf(file)]
      return target !== own && ALLOWED[own]?.includes(target) !== true
    })
    assert.deepEqual(
      upward.map(({ from, specifier }) => `${from} imports ${specifier}`),
      [],
    )
  })

  it('allows only imports that exist', () => {
    const used = new Set(imports.map(({ from, file }) => `${layerOf(from)} imports ${layerOf(file ?? '')}`))
    const allowed = Object.entries(ALLOWED).flatMap(([own, targets]) =>
      targets.map((target) => `${own} imports ${target}`),
    )
    assert.deepEqual(
      allowed.filter((edge) => !used.has(edge)),
      [],
    )
  })

  for (const [program, { packages, without }] of Object.entries(AT_START))
    it(`starts ${program} without what only some of its commands need`, () => {
      const loaded = [...loadedWith(program)]
      assert.ok(loaded.length > 20, loaded.join(', '))
      assert.deepEqual(
        loaded.filter((file) => without.test(file)),
        [],
      )
      const imported = loaded.filter((name) => !/^(?:src|demo)\/|^node:/.test(name))
      assert.deepEqual(imported.sort(), packages)
    })

  it('imports vscode only in src/vscode and src/extension.ts', () => {
    const elsewhere = imports.filter(
      ({ from, specifier }) => specifier === 'vscode' && !/^src\/(vscode\/|extension\.ts$)/.test(from),
    )
    assert.deepEqual(
      elsewhere.map(({ from }) => from),
      [],
    )
  })

  for (const [layer, order] of Object.entries(FOLDERS)) {
    /** The position of a file's folder in the order: 0 directly in the layer, -1 outside the layer or the order. */
    const levelOf = (file: string): number => {
      if (!file.startsWith(`${layer}/`)) return -1
      const [folder = '', ...rest] = file.slice(layer.length + 1).split('/')
      return rest.length === 0 ? 0 : order.indexOf(folder) + 1 || -1
    }

    it(`imports only from the folders below inside ${layer}`, () => {
      const own = imports.filter(({ from }) => from.startsWith(`${layer}/`))
      const unknown = own.filter(({ from }) => levelOf(from) < 0)
      const upward = own.filter(({ from, file = '' }) => levelOf(file) > levelOf(from))
      assert.deepEqual(
        [...unknown, ...upward].map(({ from, specifier }) => `${from} imports ${specifier}`),
        [],
      )
    })
  }

  it('does not import Node.js modules in src/shared, src/request and webview', () => {
    const pure = /^(src\/shared|src\/request|webview)\//
    const impure = imports.filter(({ from, specifier }) => pure.test(from) && specifier.startsWith('node:'))
    assert.deepEqual(
      impure.map(({ from, specifier }) => `${from} imports ${specifier}`),
      [],
    )
  })

  it('has no cycles', () => {
    const graph = new Map(
      files.map((file) => [
        file,
        importsOf(file).flatMap(({ file: target }) => (target === undefined ? [] : [target])),
      ]),
    )
    assert.equal(findCycle(graph)?.join(' → '), undefined)
  })

  it('keeps the state of the page below its views', () => {
    const upward = imports.filter(({ from, file }) => {
      const [own, target] = [dirname(from), dirname(file ?? '')]
      const allowed = BELOW_VIEWS[own]
      return target.startsWith('webview') && target !== own && allowed?.includes(target) === false
    })
    assert.deepEqual(
      upward.map(({ from, specifier }) => `${from} imports ${specifier}`),
      [],
    )
  })

  it('keeps the page independent of the program that shows it', () => {
    const bound = sources('webview').filter((file) =>
      readFileSync(join(ROOT, file), 'utf8').includes('acquireVsCodeApi'),
    )
    assert.deepEqual(bound, ['webview/host/vscode.ts'])
  })

  it('has no cycles between the folders of the page', () => {
    assert.equal(findCycle(folderGraph('webview'))?.join(' → '), undefined)
  })

  it('has files that are short enough to read', () => {
    const long = files
      .map((file) => ({ file, lines: readFileSync(join(ROOT, file), 'utf8').split('\n').length - 1 }))
      .filter(({ lines }) => lines > MAX_LINES)
    assert.deepEqual(long, [])
  })
})

/** Parts that the guide says how to add, by a word of their titles. */
const PARTS = [
  'decoder',
  'rule',
  'finding',
  'transport',
  'command',
  'language feature',
  '.http',
  'proxy',
  'secret',
  'setting',
  'column',
  'event type',
]

describe('docs/architecture.md', () => {
  const text = readFileSync(join(ROOT, 'docs', 'architecture.md'), 'utf8')
  const [picture = ''] = /```mermaid\n[^`]*```/.exec(text) ?? []
  const prose = text.replace(picture, '')
  const top = readdirSync(ROOT)
  const sectionOf = (title: string) => prose.split(/^## /m).find((section) => section.startsWith(title)) ?? ''

  it('names files and folders that exist', () => {
    const quoted = [...prose.matchAll(/`([\w./<>-]+)`/g)].map(([, name = '']) => name)
    const paths = quoted.filter((name) => top.includes(name.split('/')[0] ?? '') || name.includes('/'))
    // `<name>` stands for a name that the reader chooses.
    const fixed = paths.map((path) => path.replace(/\/[^/]*<.*/, ''))
    assert.ok(fixed.length > 50, `${fixed.length} paths`)
    assert.deepEqual(
      fixed.filter((path) => !existsSync(join(ROOT, path))),
      [],
    )
  })

  it('names what is in the files that it names', () => {
    const named = [...prose.matchAll(/`([\w#.]+)` in\s+`([^`]+)`/g)]
    assert.ok(named.length > 25, `${named.length} names`)
    const missing = named.filter(([, name = '', file = '']) => {
      const parts = name.split('.')
      const source = readFileSync(join(ROOT, file), 'utf8')
      return !parts.every((part) => source.includes(part))
    })
    assert.deepEqual(
      missing.map(([match]) => match),
      [],
    )
  })

  it('describes every layer, and draws only imports that are allowed', () => {
    const layers = Object.keys(ALLOWED)
    const layerById = new Map(
      [...picture.matchAll(/(\w+)\["([^"<]+)/g)].map(([, id = '', layer = '']) => [id, layer]),
    )
    assert.deepEqual([...layerById.values()].sort(), [...layers].sort())
    for (const layer of layers) assert.ok(prose.includes(`\`${layer}\``) || layer === 'src/cli.ts', layer)
    for (const [arrow, from = '', to = ''] of picture.matchAll(/^ *(\w+)\S* ?[^>\n]*--> (\w+)/gm))
      assert.ok(ALLOWED[layerById.get(from) ?? '']?.includes(layerById.get(to) ?? ''), arrow)
  })

  it('follows a frame to the painted row in at most 16 steps with two copies', () => {
    const section = sectionOf('From the socket')
    const steps = [...section.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number))
    assert.ok(steps.length > 0 && steps.length <= 16, `${steps.length} steps`)
    assert.deepEqual(
      steps,
      steps.map((_, index) => index + 1),
    )
    assert.equal([...section.matchAll(/\*\*\w+ copy\*\*/g)].length, 2)
  })

  it('defines each word once, in alphabetical order', () => {
    const words = [...sectionOf('Glossary').matchAll(/^\| ([a-z ]+) \|/gm)].map(([, word = '']) => word)
    assert.ok(words.length > 25, `${words.length} words`)
    assert.deepEqual(words, [...new Set(words)].sort())
  })

  it('says how to add a part, naming files', () => {
    const parts = sectionOf('How to add').split(/^### /m).slice(1)
    for (const part of PARTS) {
      const found = parts.filter((section) => section.split('\n', 1)[0]?.includes(part))
      assert.ok(found.length > 0, part)
      for (const section of found) assert.match(section, /`[\w./<>-]+\.(ts|tsx|json|md)`/, part)
    }
  })
})
