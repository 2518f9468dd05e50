/** The page in another language: every text that is not data comes from the bundle. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { BUNDLE } from '../../scripts/l10n.ts'
import { chooseRow } from './preview/choose-row.ts'
import type { PanelPage } from './preview/driver.ts'
import { pageTests } from './preview/page-tests.ts'

/** A translation that only marks its text. */
const mark = (text: string) => `[!!${text}!!]`

const PSEUDO = Object.fromEntries(
  Object.keys(JSON.parse(readFileSync(BUNDLE, 'utf8'))).map((text) => [text, mark(text)]),
)

/**
 * Elements whose texts are data, such as a row of the list, the name and the age of a recent connection or of a
 * recording, or an example of input. The help on built-in variables is the engine's, which writes it into messages too.
 */
const DATA = [
  '.row:not(.head) *, .tree-row *, .tree-path code, .hex-line *, .said, code, option[value*="://"]',
  '[aria-label*="Built-in variables"] *',
  '.start[title], .start[title] .clip:first-child, .start-age',
].join(', ')
/** What is the same in every language: URLs, hosts, protocols, the names of lanes, event types, formats, algorithms, error codes, units and percentiles. */
const SAME_EVERYWHERE =
  /^(text|hex|base64|websocat|socket\.io|long polling|[A-Z_]+( \d+)?)$|^#?\d+ · [a-z]+ (· )?|\b(ws|sse|long-poll) [a-z]+(\.example\/[a-z]+|\/config\S*)?|\b(wss?|https?):\/\/\S*|\blocalhost:\d+|\b(ws|sse|long-poll|WebSocket|JSON|Base64|deflate|p50|p95|p99|ms|kB|MB|connection reset)\b/g

/** Reads all texts and spoken attributes of the page. Runs in it. */
const READ_TEXTS = (data: string) => `(() => {
  const texts = []
  for (const element of document.body.querySelectorAll('*')) {
    if (element.matches(${JSON.stringify(data)}) || element.matches('script')) continue
    for (const name of ['title', 'aria-label', 'placeholder', 'alt', 'aria-valuetext'])
      if (element.hasAttribute(name)) texts.push(element.getAttribute(name))
    const own = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE)
    texts.push(own.map((node) => node.data).join(''))
  }
  return texts
})()`

/** The words of a text that are neither translated nor the same in every language. */
function untranslated(text: string): string {
  let rest = text
  for (let before = ''; before !== rest; ) {
    before = rest
    rest = rest.replaceAll(/\[!!(?:(?!\[!!|!!\]).)*!!\]/gs, '')
  }
  rest = rest.replaceAll(SAME_EVERYWHERE, '')
  return /[a-z]{2}/i.test(rest) ? rest : ''
}

describe('the page in another language', () => {
  const browser = pageTests()
  let panel: PanelPage

  const button = (name: string) => panel.page.getByRole('button', { name: mark(name), exact: true })

  async function hasOnlyTranslations(where: string): Promise<void> {
    await panel.painted()
    const texts = await panel.page.evaluate<string[]>(READ_TEXTS(DATA))
    assert.ok(
      texts.some((text) => text.includes('[!!')),
      where,
    )
    assert.deepEqual([...new Set(texts.map(untranslated).filter((text) => text !== ''))], [], where)
  }

  it('has no other text while it is empty', async () => {
    panel = await browser.open({ bundle: PSEUDO })
    await panel.page.getByRole('heading', { name: mark('Connect to something that pushes') }).waitFor()
    await hasOnlyTranslations('empty')
  })

  it('has no other text around the events, in the menus and in the composer', async () => {
    panel = await browser.open({ bundle: PSEUDO, events: 500 })
    await hasOnlyTranslations('at first')
    for (const menu of ['History', 'Saved messages', 'Variables', 'Saved filters']) {
      await button(menu).click()
      await panel.page.getByRole('dialog', { name: mark(menu) }).waitFor()
      await hasOnlyTranslations(menu)
      await panel.page.keyboard.press('Escape')
    }
    await button('Repeat').click()
    await button('Mark this moment').click()
    await hasOnlyTranslations('Repeat, Mark')
    await button('Pause').click()
    await hasOnlyTranslations('Pause')
  })

  it('has no other text in the report', async () => {
    panel = await browser.open({ bundle: PSEUDO, events: 500 })
    await panel.page.getByRole('tab', { name: mark('Report') }).click()
    await panel.page.getByRole('heading', { name: mark('Report'), exact: true }).waitFor()
    await panel.page.getByRole('table').first().waitFor()
    await hasOnlyTranslations('report')
  })

  it('has no other text in the tabs of the details', async () => {
    panel = await browser.open({ bundle: PSEUDO, events: 500 })
    // Other events have fields, whose names are data.
    await chooseRow(panel.page.locator('.row[data-event]').filter({ hasText: 'trade' }).last())
    // Not the headers, whose names and values are data.
    for (const tab of ['Payload', 'Hex', 'Timing']) {
      await panel.page.getByRole('tab', { name: mark(tab) }).click()
      await hasOnlyTranslations(tab)
    }
  })
})
