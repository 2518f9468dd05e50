/** The playground of the documentation site: the panel on a recording in a browser, without an editor. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { launchHeadless } from '../../scripts/browser.ts'
import { usedColors } from '../../scripts/theme-colors.ts'
import { readThemeColors } from '../../site/playground/themes.ts'
import { EXAMPLES } from '../../site/recordings/examples.ts'
import { FileEngine } from '../../src/engine/file/file-engine.ts'
import { readEngineSettings } from '../../src/vscode/settings/read-settings.ts'
import { pageHtml } from '../../src/vscode/ui/page.ts'
import { eventually } from '../support/eventually.ts'
import { message, twoConnections } from '../support/recording.ts'
import { sessionLines, writeHar, writeSession } from '../support/recording-file.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'
import { seriousIssues } from '../webview/preview/axe.ts'
import { builtSite } from './built-site.ts'
import { PlaygroundPage } from './playground-page.ts'

/** A session file. */
const session = (events: Parameters<typeof sessionLines>[0]) => `${sessionLines(events).join('\n')}\n`
const HEADER = '{"type":"session","version":1,"startedAt":"2026-11-23T05:00:00.000Z","generator":"x"}'

const OPENED = [
  '{"type":"connect","connection":1,"time":0,"transport":"websocket","url":"ws://h/a","attempt":0}',
  '{"type":"open","connection":1,"time":0,"transport":"websocket","status":101,"headers":{},"httpVersion":"1.1"}',
]
const MARKUP = '<img src=x onerror="top.isPwned = window.isPwned = 1"><script>top.isPwned = 1</script>'
const text = (payload: string) =>
  `{"type":"message","connection":1,"time":1,"direction":"in","size":1,"opcode":"text","text":${JSON.stringify(payload)}}`
const lines = (...events: readonly string[]) => [HEADER, ...OPENED, ...events].join('\n')
const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

/** What a file is, its name, its text, and what the panel then shows. */
const HOSTILE: readonly (readonly [what: string, name: string, text: string, expected: string | RegExp])[] = [
  ['an empty file', 'a.rtsession', '', /not a session/],
  ['another kind of file', 'notes.txt', 'Dear diary', /not a session/],
  ['a newer version', 'a.rtsession', HEADER.replace(':1,', ':99,'), /version 99/],
  ['markup in payloads', 'a.rtsession', lines(text(MARKUP)), 'onerror='],
  ['markup in its name', '<img src=x onerror=alert(1)>.har', '{}', /onerror=alert\(1\)>\.har is not a HAR/],
  ['deep JSON', 'a.rtsession', lines(text(deep(200_000)), text('after')), 'after'],
  [
    'deep JSON in a line',
    'a.rtsession',
    lines(`{"type":"strange","time":1,"x":${deep(100_000)}}`, text('after')),
    'after',
  ],
  ['zeros', 'a.rtsession', lines('\0'.repeat(100_000), text('after')), 'after'],
  ['a torn last line', 'a.rtsession', lines(text('before'), text('torn').slice(0, 40)), /line 5|last line/i],
  [
    'times without end',
    'a.rtsession',
    lines(text('x').replace('"time":1', '"time":1e308'), text('after')),
    'after',
  ],
  [
    'names of prototypes',
    'a.rtsession',
    lines('{"type":"__proto__","connection":1,"time":1}', text('after')),
    'after',
  ],
  ['a HAR without entries', 'a.har', '{"log":{"entries":{}}}', /a\.har is not a HAR/],
  [
    'a HAR that is cut short',
    'a.har',
    '{"log":{"entries":[{"startedDateTime":',
    /a\.har is not a HAR: it is not valid JSON/,
  ],
  ['a HAR with odd entries', 'a.har', '{"log":{"entries":[null,1,[],{"request":null}]}}', /were skipped/],
]

describe('the playground', () => {
  let browser: Browser
  const opened: PlaygroundPage[] = []

  before(async () => {
    await builtSite()
    browser = await launchHeadless()
  })

  afterEach(async () => {
    for (const page of opened.splice(0)) await page.close()
  })

  after(async () => {
    await browser?.close()
    removeTempDirs()
  })

  async function open(...given: [search?: string, colorScheme?: 'dark' | 'light']): Promise<PlaygroundPage> {
    const page = await PlaygroundPage.open(browser, ...given)
    opened.push(page)
    return page
  }

  for (const [name, title] of Object.entries(EXAMPLES))
    it(`opens “${title}”, with the events and the findings of the editor`, async () => {
      const file = join((await builtSite()).folder, 'recordings', `${name}.rtsession`)
      const count = readFileSync(file, 'utf8').trim().split('\n').length - 1
      const found = await findingsInNode(file, count)
      const playground = await open(`?recording=${name}`)
      await playground.hasRows(count)
      assert.equal(await playground.page.getByRole('combobox', { name: 'Recording' }).inputValue(), name)

      await playground.rows(/./).nth(4).click()
      await playground.panel.getByRole('region', { name: 'Details' }).getByRole('tabpanel').waitFor()
      await playground.panel.getByRole('tab', { name: /^Findings/ }).click()
      const words = new RegExp(`^${found.length} finding`)
      await playground.panel.locator('.findings-summary').filter({ hasText: words }).waitFor()
      await playground.panel.locator('.findings-summary:not(:has-text("still reading"))').waitFor()
      for (const each of found) await playground.panel.getByText(each, { exact: true }).first().waitFor()
    })

  it('filters by values, by words and by regular expressions, and stops one that backtracks', async () => {
    const playground = await open('?recording=chat')
    await playground.hasRows(27)
    await playground.filter('$.from == "grace"')
    await playground.rows('Two of three hosts').first().waitFor()
    await playground.rows('I see the new version').first().waitFor({ state: 'detached' })
    await playground.filter('/Error rate rose to \\d\\.\\d/')
    await playground.rows('Error rate rose').first().waitFor()
    await playground.rows('Two of three hosts').waitFor({ state: 'detached' })
    await playground.drop('slow.rtsession', session([...twoConnections(1), message(5, `${'a'.repeat(40)}!`)]))
    await playground.filter('/(a+)+$/')
    await playground.panel.getByText('it backtracks too much').first().waitFor()
  })

  it('opens a session file and a HAR that are dropped on the panel, and a file that is chosen', async () => {
    const playground = await open()
    await playground.drop('two.rtsession', session(twoConnections(8)))
    await playground.hasRows(twoConnections(8).length)
    await playground.panel.getByText('two.rtsession').waitFor()
    assert.equal(new URL(playground.page.url()).search, '')

    const har = writeHar(tempDir())
    await playground.drop('page.har', readFileSync(har, 'utf8'))
    await playground.rows('hello').waitFor()
    await playground.panel.getByText('were left out').first().waitFor()
    // Secrets of a HAR are masked when they are shown.
    assert.doesNotMatch(await playground.panel.locator('body').innerText(), /hunter2/)

    await playground.drop('two.rtsession', session(twoConnections(8)))
    await playground.page.getByLabel('Open a file…').setInputFiles(har)
    await playground.rows('hello').waitFor()
  })

  it('offers what a browser can do, and not what needs an editor', async () => {
    const playground = await open('?recording=chat')
    const { panel, page } = playground
    await playground.rows('Error rate rose').first().click()
    const details = panel.getByRole('region', { name: 'Details' })
    await details.getByRole('button', { name: 'Save payload…' }).waitFor()
    for (const name of ['Open in editor', 'Explain this', /^previous/])
      assert.equal(await details.getByRole('button', { name }).count(), 0, String(name))
    for (const name of ['Save session…', 'Saved filters', 'Connect…'])
      assert.equal(await panel.getByRole('button', { name }).count(), 0, name)

    const saving = page.waitForEvent('download')
    await details.getByRole('button', { name: 'Save payload…' }).click()
    const saved = await saving
    assert.match(saved.suggestedFilename(), /\.json$/)
    const payload = JSON.parse(readFileSync(await saved.path(), 'utf8')) as { readonly from: string }
    assert.equal(payload.from, 'alan')

    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await details.getByRole('button', { name: 'hex', exact: true }).click()
    await eventually(async () => {
      const copied = (await page.evaluate('navigator.clipboard.readText()')) as string
      assert.match(copied, /^7b227479/)
    })

    await panel.getByRole('tab', { name: 'Report' }).click()
    const exporting = page.waitForEvent('download')
    await panel.getByRole('button', { name: /^Export/ }).click()
    assert.match(readFileSync(await (await exporting).path(), 'utf8'), /^<!doctype html>/i)
  })

  it('plays a recording, mutes a rule and names a connection', async () => {
    const playground = await open('?recording=chat')
    const { panel } = playground
    await playground.hasRows(27)
    await panel.getByRole('button', { name: 'Step to the next event' }).click()
    await playground.hasRows(1)
    await panel.getByTitle('End the replay and show the whole recording').click()
    await playground.hasRows(27)

    await panel.getByRole('tab', { name: /^Findings/ }).click()
    await panel.locator('.findings-summary').filter({ hasText: '2 findings' }).waitFor()
    await panel.getByRole('button', { name: 'Mute this rule here' }).first().click()
    await panel.locator('.findings-summary').filter({ hasText: '1 finding' }).waitFor()

    await panel.getByRole('list', { name: 'Connections' }).getByText('ws chat').click({ button: 'right' })
    await panel.getByRole('menuitem', { name: 'Rename…' }).click()
    await panel.getByRole('textbox', { name: /name/i }).fill('releases')
    await playground.page.keyboard.press('Enter')
    await panel.getByRole('list', { name: 'Connections' }).getByText('releases').waitFor()
  })

  for (const [what, name, text, expected] of HOSTILE)
    it(`says what is wrong with a file, or shows it as text: ${what}`, async () => {
      const playground = await open('?recording=chat')
      await playground.hasRows(27)
      await playground.drop(name, text)
      await playground.panel.getByText(expected).first().waitFor()
      assert.equal(await playground.page.evaluate('window.isPwned'), undefined)
      assert.equal(await playground.panel.locator('body').evaluate('window.isPwned'), undefined)
      // The page is whole.
      await playground.page.getByRole('combobox', { name: 'Recording' }).selectOption('mqtt')
      await playground.rows('subscribe').first().waitFor()
    })

  it('says so if a file was changed after it was opened', async () => {
    const playground = await open('?recording=chat')
    const file = writeSession(tempDir(), 'changing.rtsession', [
      ...twoConnections(1),
      message(5, 'x'.repeat(600_000)),
    ])
    await playground.page.getByLabel('Open a file…').setInputFiles(file)
    await playground.rows('xxx').waitFor()
    writeFileSync(file, 'another file')
    await playground.rows('xxx').click()
    await playground.panel.getByText('The browser can no longer read the file').first().waitFor()
  })

  it('goes to the filter with the key of the editor', async () => {
    const playground = await open('?recording=chat')
    await playground.hasRows(27)
    await playground.rows('Error rate rose').first().click()
    await playground.page.keyboard.press('Control+f')
    await playground.panel
      .locator('input:focus[aria-label="Filter"], textarea:focus[aria-label="Filter"]')
      .waitFor()
  })

  it('says why it does not open a file, and which recordings there are', async () => {
    const playground = await open('?recording=nothing')
    const alert = playground.page.getByRole('alert')
    await alert.getByText('There is no example nothing; choose one of the list.').waitFor()
    await playground.page.getByRole('combobox', { name: 'Recording' }).selectOption('chat')
    await playground.hasRows(27)
    assert.equal(await alert.count(), 0)
    assert.equal(new URL(playground.page.url()).search, '?recording=chat')
    // Sparse: the browser refers to the same part 1025 times.
    await playground.page.evaluate(`{
      const part = new Blob([new Uint8Array(1024 * 1024)])
      const transfer = new DataTransfer()
      transfer.items.add(new File(Array(1025).fill(part), 'huge.har'))
      document.querySelector('.playground').dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true }))
    }`)
    await alert.getByText('huge.har is too large for a browser').waitFor()
    await playground.hasRows(27)
  })

  it('has the theme of the site, and no serious accessibility issues in it', async () => {
    for (const scheme of ['dark', 'light'] as const) {
      const playground = await open('?recording=chat', scheme)
      await playground.rows('Error rate rose').first().click()
      await playground.panel.getByRole('tree').waitFor()
      const frames = playground.page.frames()
      assert.equal(frames.length, 2)
      const issues: string[] = []
      for (const frame of frames) issues.push(...(await seriousIssues(frame)))
      // The search button of VitePress shows its keys, which are not in its name.
      assert.deepEqual(
        issues.filter((issue) => !/label-content-name-mismatch.*DocSearch/.test(issue)),
        [],
        scheme,
      )
    }
    const [playground] = opened as [PlaygroundPage]
    const background = () =>
      playground.panel.locator('body').evaluate('getComputedStyle(document.body).backgroundColor')
    const dark = await background()
    await playground.page.getByRole('switch').first().click()
    await playground.panel.locator('body.vscode-light').waitFor()
    assert.notEqual(await background(), dark)
  })

  it('allows the panel no more than the editor does', async () => {
    const html = readFileSync(join((await builtSite()).folder, 'playground-panel', 'index.html'), 'utf8')
    const [, policy = ''] = /Content-Security-Policy" content="([^"]+)"/.exec(html) ?? []
    const resources = {
      script: '',
      style: '',
      cspSource: "'self'",
      nonce: 'N',
      language: 'en',
      translations: undefined,
    }
    const [, editors = ''] = /Content-Security-Policy" content="([^"]+)"/.exec(pageHtml(resources)) ?? []
    const directives = (text: string) => new Set(text.split('; '))
    const ofEditor = editors
      .replaceAll('&quot;', '"')
      .replace("'nonce-N'", "'self'")
      .replace(" 'nonce-N'", '')
    // The engine runs in a worker, whose file is one of the site.
    assert.deepEqual(
      [...directives(policy)].filter((each) => !directives(ofEditor).has(each)),
      ["worker-src 'self'"],
    )
    assert.deepEqual(
      [...directives(ofEditor)].filter((each) => !directives(policy).has(each)),
      [],
    )
  })

  it('has each color that the panel uses', async () => {
    const used = await usedColors()
    for (const [theme, colors] of Object.entries(await readThemeColors()))
      assert.deepEqual(Object.keys(colors), used, `${theme}: run scripts/theme-colors.ts`)
  })
})

/** What the engine finds in Node.js. */
async function findingsInNode(file: string, count: number): Promise<string[]> {
  const engine = await FileEngine.open({
    file,
    directory: join(tempDir(), 'capture'),
    settings: readEngineSettings(() => undefined),
    notify: () => {},
  })
  await eventually(async () => {
    const { events, isCurrent } = await engine.handlers.findings(null)
    assert.ok(isCurrent && events === count, `${events} of ${count} events are diagnosed`)
  })
  const { findings } = await engine.handlers.findings(null)
  await engine.handlers.shutdown(null)
  return findings.map(({ title = '' }) => title.replaceAll('`', ''))
}
