import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { contributedTools } from '../scripts/agent-tools.ts'
import { TOOLS } from '../src/agents/tools.ts'
import { COLORS } from '../src/shared/connection-labels.ts'
import { DEFAULT_MAX_MESSAGE_SIZE } from '../src/shared/spec.ts'
import { WHEN_DISK_FULL } from '../src/shared/status.ts'
import {
  COMMANDS,
  COMPARISON,
  CONTAINER,
  CONTEXT_KEYS,
  EDITORS,
  EXTENSION_KIND,
  SIDE_BAR,
  VIEWS,
} from '../src/vscode/contributions.ts'
import { RECONNECT_SETTINGS, SETTING_BOUNDS, SETTINGS } from '../src/vscode/settings/settings.ts'

interface Property {
  readonly type: string
  readonly default: unknown
  readonly enum?: readonly unknown[]
  readonly markdownDescription?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly order: number
}

interface Walkthrough {
  readonly id: string
  readonly steps: readonly {
    readonly description: string
    readonly completionEvents: readonly string[]
    readonly media: { readonly svg: string; readonly altText: string }
  }[]
}

/** Types in package.json by the JavaScript types of the defaults. */
const TYPES: Readonly<Record<string, string>> = {
  object: 'object',
  number: 'integer',
  string: 'string',
  boolean: 'boolean',
}

const root = new URL('../', import.meta.url)
const manifestText = readFileSync(new URL('package.json', root), 'utf8')
const strings: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(new URL('package.nls.json', root), 'utf8'),
)
/** With the strings of package.nls.json in place of their keys. */
const manifest = JSON.parse(manifestText, (_, value) => {
  const [, key] = /^%(.+)%$/.exec(typeof value === 'string' ? value : '') ?? []
  return key === undefined ? value : (strings[key] ?? assert.fail(`${key} is not in package.nls.json`))
})
const { colors, commands, configuration, menus, viewsContainers, views, viewsWelcome } = manifest.contributes
const walkthroughs: readonly Walkthrough[] = manifest.contributes.walkthroughs
const properties: Record<string, Property> = configuration.properties

/** Every `when` clause of the manifest. */
function whenClauses(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'when' && typeof inner === 'string' ? [inner] : whenClauses(inner),
  )
}

function isCommand(id: string): boolean {
  return COMMANDS.some((command) => command === id)
}

describe('contributions', () => {
  it('match the commands of package.json, in one category', () => {
    assert.deepEqual(
      commands.map(({ command }: { command: string }) => command),
      COMMANDS,
    )
    for (const { category } of commands) assert.equal(category, 'Realtime')
  })

  it('take the texts that users read from package.nls.json, which has no other texts', () => {
    const used = [...manifestText.matchAll(/"%(.+?)%"/g)].map(([, key = '']) => key)
    assert.deepEqual([...new Set(used)].sort(), Object.keys(strings).sort())
    assert.doesNotMatch(manifestText, /"(title|category|markdownDescription)": "(?!%|Realtime Inspector")/)
  })

  it('keep the command names that others depend on', () => {
    for (const name of [
      'connect',
      'disconnect',
      'reconnect',
      'send',
      'clear',
      'saveSession',
      'openSession',
      'replaySession',
      'serveSession',
      'compareSessions',
      'exportHar',
    ])
      assert.ok(isCommand(`realtimeInspector.${name}`), name)
  })

  it('match the settings of package.json, with their defaults and types', () => {
    assert.deepEqual(
      Object.fromEntries(Object.entries(properties).map(([key, property]) => [key, property.default])),
      SETTINGS,
    )
    for (const [key, property] of Object.entries(properties))
      assert.equal(
        property.type,
        Array.isArray(property.default) ? 'array' : TYPES[typeof property.default],
        key,
      )
    assert.equal(SETTINGS['realtimeInspector.maxMessageSize'], DEFAULT_MAX_MESSAGE_SIZE)
    assert.deepEqual(properties['realtimeInspector.reconnect']?.enum, [...RECONNECT_SETTINGS])
    assert.deepEqual(properties['realtimeInspector.whenDiskFull']?.enum, [...WHEN_DISK_FULL])
  })

  it('bound every number like package.json, with the default within the bounds', () => {
    const bounds = Object.entries(properties).flatMap(([key, { type, minimum, maximum }]) =>
      type === 'integer' ? [[key, [minimum, maximum]]] : [],
    )
    assert.deepEqual(Object.fromEntries(bounds), SETTING_BOUNDS)
    for (const [key, [least, largest]] of Object.entries(SETTING_BOUNDS)) {
      const value = Number(properties[key]?.default)
      assert.ok(least <= value && value <= largest, key)
    }
  })

  it('say when each setting applies, and keep their order', () => {
    const asked = new Set(['realtimeInspector.confirmClose'])
    for (const [key, { markdownDescription }] of Object.entries(properties))
      if (!asked.has(key)) assert.match(markdownDescription ?? '', /Applies (to|when) [^.]*\.$/, key)
    assert.deepEqual(
      Object.values(properties).map(({ order }) => order),
      Object.keys(SETTINGS).map((_, at) => at + 1),
    )
  })

  it('describe each setting in sentences', () => {
    for (const [key, { markdownDescription }] of Object.entries(properties))
      assert.match(markdownDescription ?? '', /^[A-Z].{20,}\.$/, key)
  })

  it('do not let an untrusted workspace change a setting', () => {
    assert.deepEqual(
      manifest.capabilities.untrustedWorkspaces.restrictedConfigurations,
      Object.keys(SETTINGS),
    )
    assert.equal(manifest.capabilities.virtualWorkspaces, true)
  })

  it('use exactly the declared context keys in `when` clauses and completion events', () => {
    const events = walkthroughs.flatMap(({ steps }) => steps.flatMap((step) => step.completionEvents))
    const views = new Set<string>(Object.values(SIDE_BAR))
    const used = [...whenClauses(menus), ...whenClauses(viewsWelcome), ...events]
      .flatMap((text) => text.match(/realtimeInspector\.\w+/g) ?? [])
      .filter((name) => !views.has(name))
    assert.deepEqual([...new Set(used)].sort(), [...CONTEXT_KEYS].sort())
  })

  it('put Connect first in the palette', () => {
    const titles = commands.map(({ title }: { title: string }) => title)
    const [first] = titles.sort((a: string, b: string) => a.localeCompare(b))
    assert.match(first, /^Connect /)
  })

  for (const [word, command] of [
    ['websocket', 'connect'],
    ['sse', 'connect'],
    ['stream', 'connect'],
    ['mock', 'serveSession'],
    ['har', 'openSession'],
    ['har', 'exportHar'],
    ['clear', 'clear'],
    ['compare', 'compareSessions'],
  ] as const)
    it(`let a search for ${word} find ${command}`, () => {
      const id = `realtimeInspector.${command}`
      const { title } = commands.find((each: { command: string }) => each.command === id)
      assert.match(title, new RegExp(`\\b${word}\\b`, 'i'))
    })

  it('have a walkthrough whose links run commands, and whose pictures exist and are described', () => {
    assert.deepEqual(
      walkthroughs.map(({ id }) => id),
      ['realtimeInspector.start'],
    )
    for (const { description, media } of walkthroughs.flatMap(({ steps }) => steps)) {
      const links = [...description.matchAll(/\(command:([\w.]+)\)/g)].map(([, id = '']) => id)
      assert.ok(links.length > 0 && links.every(isCommand), description)
      const picture = readFileSync(new URL(media.svg, root), 'utf8')
      assert.match(picture, /^<svg /)
      // VS Code does not apply styles in pictures of walkthroughs.
      assert.doesNotMatch(picture, /style/)
      assert.match(media.altText, /\w{3}/)
    }
  })

  it('have the views of the side bar, each with welcome content whose links run commands', () => {
    const containers: readonly { id: string; icon: string }[] = viewsContainers.activitybar
    assert.deepEqual(
      containers.map(({ id }) => id),
      [CONTAINER],
    )
    for (const { icon } of containers)
      assert.match(readFileSync(new URL(icon, root), 'utf8'), /^<svg .*viewBox="0 0 24 24"/)
    const ids = views[CONTAINER].map(({ id }: { id: string }) => id)
    assert.deepEqual(ids, Object.values(SIDE_BAR))
    const welcome: readonly { view: string; contents: string }[] = viewsWelcome
    assert.deepEqual([...new Set(welcome.map(({ view }) => view))].sort(), [...ids].sort())
    for (const { contents } of welcome) {
      const links = [...contents.matchAll(/\(command:([\w.]+)\)/g)].map(([, id = '']) => id)
      assert.ok(links.length > 0 && links.every(isCommand), contents)
    }
  })

  it('have a color for each number that a connection can have', () => {
    assert.deepEqual(
      colors.map(({ id }: { id: string }) => id),
      Array.from({ length: COLORS }, (_, at) => `realtimeInspector.connection${at + 1}`),
    )
  })

  it('offer every command of a menu in the side bar on rows that exist, and in the palette too', () => {
    const hidden = new Set(
      menus.commandPalette
        .filter(({ when }: { when: string }) => when === 'false')
        .map(({ command }: { command: string }) => command),
    )
    // The palette has Go to Request instead.
    hidden.delete('realtimeInspector.openRequest')
    for (const { command, when } of [...menus['view/title'], ...menus['view/item/context']]) {
      assert.ok(!hidden.has(command), command)
      assert.ok(
        Object.values(SIDE_BAR).some((view) => when.includes(`view == ${view}`)),
        `${command}: ${when}`,
      )
    }
  })

  it('run where the workspace is', () => {
    assert.deepEqual(manifest.extensionKind, [...EXTENSION_KIND])
  })

  it('have only existing commands in menus', () => {
    for (const items of Object.values<readonly { command: string }[]>(menus))
      for (const { command } of items) assert.ok(isCommand(command), command)
  })

  it('offer commands that read HARs on both kinds of file', () => {
    for (const command of [
      'realtimeInspector.serveSession',
      'realtimeInspector.copySessionAs',
      'realtimeInspector.diagnose',
      'realtimeInspector.compareTechniques',
    ])
      for (const menu of ['explorer/context', 'editor/title']) {
        const items: readonly { command: string; when: string }[] = menus[menu]
        const { when } =
          items.find((item) => item.command === command) ?? assert.fail(`${command} in ${menu}`)
        assert.match(when, /rtsession/)
        assert.match(when, /har/)
      }
  })

  it('offer what tells of a session in the menus of the panel, of connections and of recordings', () => {
    const whenOf = (menu: string, command: string) =>
      menus[menu]
        .filter((item: { command: string }) => item.command === `realtimeInspector.${command}`)
        .map(({ when }: { when: string }) => when)
        .join(' ')
    for (const command of ['diagnose', 'compareTechniques']) {
      assert.match(whenOf('editor/title', command), /activeWebviewPanelId/, command)
      assert.match(whenOf('view/title', command), /realtimeInspector\.connections/, command)
      assert.match(whenOf('view/item/context', command), /realtimeInspector\.recordings/, command)
    }
  })

  it('activate at startup for unsaved sessions, and for each panel that VS Code restores after a reload', () => {
    assert.deepEqual(manifest.activationEvents, [
      'onStartupFinished',
      ...Object.values(VIEWS).map((viewType) => `onWebviewPanel:${viewType}`),
    ])
  })

  it('open session files by default, and HAR files if chosen', () => {
    const editors = manifest.contributes.customEditors.map(
      (each: { viewType: string; selector: { filenamePattern: string }[]; priority: string }) => [
        each.viewType,
        each.selector.map(({ filenamePattern }) => filenamePattern),
        each.priority,
      ],
    )
    assert.deepEqual(editors, [
      [EDITORS.session, ['*.rtsession'], 'default'],
      [EDITORS.har, ['*.har'], 'option'],
    ])
  })

  it('include every command, setting and context key that the sources name', () => {
    const folder = new URL('src/vscode/', root)
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((f) =>
      f.endsWith('.ts'),
    )
    const known = new Set<string>([
      ...COMMANDS,
      ...Object.keys(SETTINGS),
      ...CONTEXT_KEYS,
      ...Object.values(EDITORS),
      COMPARISON,
      ...Object.values(SIDE_BAR),
    ])
    for (const file of sources) {
      const names = readFileSync(new URL(file, folder), 'utf8').matchAll(/'(realtimeInspector\.\w+)'/g)
      for (const [, name = ''] of names)
        assert.ok(
          known.has(name) ||
            name === VIEWS.panel ||
            name.startsWith('realtimeInspector.status') ||
            name === 'realtimeInspector.serving',
          `${file}: ${name}`,
        )
    }
  })

  it('have an icon of 128 by 128 pixels', () => {
    const png = readFileSync(new URL(manifest.icon, root))
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [128, 128])
  })

  it('has the tools for agents; update them with `node scripts/agent-tools.ts`', () => {
    const contributed: readonly Record<string, unknown>[] =
      JSON.parse(manifestText).contributes.languageModelTools
    assert.deepEqual(contributed, contributedTools())
    const titles = manifest.contributes.languageModelTools.map(
      (tool: Record<string, unknown>) => tool.displayName,
    )
    assert.deepEqual(
      titles,
      TOOLS.map(({ title }) => title),
    )
  })
})
