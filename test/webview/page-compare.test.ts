/** A comparison in a browser: two real recordings, compared with the code of the editor's worker. */
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { compareFiles } from '../../src/engine/jobs/comparison.ts'
import { COMPARE_ALL, type CompareWish } from '../../src/shared/comparison.ts'
import { becomes } from '../support/eventually.ts'
import { openPage } from '../support/shared-browser.ts'
import { seededRandom } from '../support/splits.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'
import { seriousIssues } from './preview/axe.ts'
import { THEMES, type ThemeName } from './preview/themes.ts'

const DIST = join(import.meta.dirname, '../../dist')
const ORIGIN = 'http://compare.test'
const HEAD = '{"type":"session","version":1,"startedAt":"2026-11-23T05:00:00.000Z","generator":"test"}'

function recording(texts: readonly string[]): string {
  const lines = [
    { type: 'connect', connection: 1, time: 0, transport: 'websocket', url: 'ws://x/feed', attempt: 0 },
    ...[{ type: 'open', connection: 1, time: 1, transport: 'websocket', status: 101, headers: {} }],
    ...texts.map((text, n) => ({
      ...{ type: 'message', connection: 1, time: 10 + n, direction: 'in', opcode: 'text' },
      ...{ size: text.length, text },
    })),
  ]
  return `${[HEAD, ...lines.map((line) => JSON.stringify(line))].join('\n')}\n`
}

describe('a comparison in a browser', () => {
  let page: Page
  let wishes: CompareWish[]
  let explained: unknown[]

  afterEach(async () => {
    await page.close()
    removeTempDirs()
  })

  async function show(a: readonly string[], b: readonly string[], theme: ThemeName = 'dark'): Promise<void> {
    const folder = tempDir()
    const paths = { a: join(folder, 'a.rtsession'), b: join(folder, 'b.rtsession') }
    await writeFile(paths.a, recording(a))
    await writeFile(paths.b, recording(b))
    wishes = []
    explained = []
    page = await openPage({ width: 900, height: 700 })
    const variables = Object.entries(THEMES[theme].variables).map(
      ([name, value]) => `--vscode-${name}: ${value};`,
    )
    await page.route(`${ORIGIN}/**`, async (route) => {
      const { pathname } = new URL(route.request().url())
      if (pathname === '/')
        return route.fulfill({
          contentType: 'text/html',
          body: `<!doctype html><html lang="en"><head><title>Comparison</title><link rel="stylesheet" href="compare.css"><link rel="stylesheet" href="theme.css"></head><body class="${THEMES[theme].body}"><script type="module" src="compare.js"></script></body></html>`,
        })
      if (pathname === '/theme.css')
        return route.fulfill({ contentType: 'text/css', body: `:root { ${variables.join(' ')} }` })
      return route.fulfill({
        contentType: pathname.endsWith('.js') ? 'text/javascript' : 'text/css',
        body: await readFile(join(DIST, pathname)).catch(() => ''),
      })
    })
    await page.exposeFunction('hostAnswers', async (method: string, params: CompareWish | null) => {
      if (params === null) return { result: { a: 'a.rtsession', b: 'b.rtsession', wish: COMPARE_ALL } }
      if (method === 'explain') {
        explained.push(params)
        return { result: null }
      }
      wishes.push(params)
      try {
        return { result: await compareFiles(paths, params) }
      } catch (error) {
        return { error: { code: method, message: error instanceof Error ? error.message : '' } }
      }
    })
    await page.addInitScript(`
      globalThis.acquireVsCodeApi = () => ({
        postMessage: async ({ id, method, params }) => {
          const { result, error } = await hostAnswers(method, params)
          postMessage(error ? { rpc: 'error', id, error } : { rpc: 'result', id, result }, '*')
        },
      })`)
    await page.goto(`${ORIGIN}/`)
    await page.getByRole('status').getByText(/same/).waitFor()
  }

  const row = (text: string) => page.getByRole('listitem').filter({ hasText: text })

  it('shows what is missing, extra, moved and changed, field by field', async () => {
    const before = ['{"n":1,"at":5}', '{"gone":true}', '{"n":2}', '{"n":3}', '{"deep":{"list":[1,2,3]}}']
    const after = ['{"n":1,"at":6}', '{"n":2}', '{"n":3}', '{"deep":{"list":[1,9,3]}}', '{"new":"yes"}']
    await show(before, after)
    await page.getByRole('heading', { name: /A a.rtsession.*B b.rtsession/ }).waitFor()
    await row('$.deep.list[1]').filter({ hasText: '2 → 9' }).first().waitFor()
    await row('$.at').filter({ hasText: '5 → 6' }).first().waitFor()
    await row('missing in B').filter({ hasText: '{"gone":true}' }).waitFor()
    await row('extra in B').filter({ hasText: '{"new":"yes"}' }).waitFor()
    await page.getByRole('img', { name: '↓ received: 4 of 6 messages differ' }).waitFor()
  })

  it('hands over a difference to the assistant', async () => {
    await show(['{"n":1}', '{"n":2}'], ['{"n":1}', '{"n":3}'])
    await page.getByRole('button', { name: 'Explain this' }).first().click()
    await becomes(() => explained, [{ difference: 0 }])
  })

  it('compares again without the ignored paths, and reports invalid ones', async () => {
    await show(['{"n":1,"at":5}'], ['{"n":1,"at":6}'])
    const ignore = page.getByRole('textbox', { name: 'Ignore JSONPaths' })
    await ignore.fill('$.at, $..id')
    await ignore.press('Enter')
    await page.getByText('The sessions are the same: 1 message.').waitFor()
    assert.deepEqual(wishes.at(-1), { ...COMPARE_ALL, ignore: ['$.at', '$..id'] })
    await ignore.fill('$[')
    await ignore.press('Enter')
    await page.getByRole('alert').getByText(/\$\[/).waitFor()
  })

  it('looks past IDs and ignores messages on request', async () => {
    const call = (id: number, params: string) =>
      `{"jsonrpc":"2.0","method":"${id === 0 ? 'ping' : 'sum'}","params":"${params}","id":${id}}`
    await show([call(1, 'a'), call(2, 'b'), call(0, '')], [call(7, 'a'), call(8, 'b')])
    await row('$.id').filter({ hasText: '1 → 7' }).first().waitFor()
    const messages = page.getByRole('textbox', { name: 'Ignore messages' })
    await messages.fill('name:ping')
    await messages.press('Enter')
    await page
      .getByRole('status')
      .getByText(/2 changed/)
      .waitFor()
    await page.getByRole('checkbox', { name: 'Normalize IDs' }).check()
    await page.getByText('The sessions are the same: 2 messages.').waitFor()
    assert.deepEqual(wishes.at(-1), { ...COMPARE_ALL, ignoreMessages: 'name:ping', normalizeIds: true })
    await messages.fill('name:')
    await messages.press('Enter')
    await page
      .getByRole('alert')
      .getByText(/The filter for messages to ignore does not work\./)
      .waitFor()
  })

  it('ignores a path at a press, for every item of a list', async () => {
    await show(['{"n":1,"at":[{"t":5}]}', '{"x":1}'], ['{"n":1,"at":[{"t":6}]}', '{"y":1}'])
    await page.getByRole('button', { name: '$.at[0].t. Ignore $.at[*].t' }).click()
    await page
      .getByRole('status')
      .getByText(/1 message the same/)
      .waitFor()
    assert.deepEqual(wishes.at(-1), { ...COMPARE_ALL, ignore: ['$.at[*].t'] })
    await becomes(() => page.getByRole('textbox', { name: 'Ignore JSONPaths' }).inputValue(), '$.at[*].t')
  })

  it('offers to ignore what differs in most messages, and says what is absent', async () => {
    const messages = (at: number) => Array.from({ length: 9 }, (_, n) => `{"n":${n},"sentAt":${at + n}}`)
    await show(
      [...messages(100), '{"k":1,"gone":2,"z":[1,2,3,4]}'],
      [...messages(500), '{"k":1,"z":[1,2,3,4]}'],
    )
    await page.getByText('$.sentAt differs in 9 of 10 changed messages.').waitFor()
    await row('$.gone').filter({ hasText: '2 → absent' }).first().waitFor()
    await page.getByRole('button', { name: 'Ignore $.sentAt', exact: true }).click()
    await page
      .getByRole('status')
      .getByText(/9 messages the same/)
      .waitFor()
    await becomes(() => page.getByText(/sentAt differs/).count(), 0)
  })

  it('says if there are too many differences to align all of them', async () => {
    const random = seededRandom(7)
    const texts = () => Array.from({ length: 3000 }, () => `text ${'abc'.charAt(Math.floor(random() * 3))}`)
    await show(texts(), texts())
    await page.getByText(/messages are paired approximately/).waitFor()
  })

  it('shows thousands of differences only on request', async () => {
    const many = Array.from({ length: 3000 }, (_, n) => `{"n":${n}}`)
    await show(many, [])
    await becomes(() => page.locator('.difference').count(), 200)
    await page.getByRole('button', { name: 'Show 200 more of 2000' }).click()
    await becomes(() => page.locator('.difference').count(), 400)
  })

  for (const theme of Object.keys(THEMES) as ThemeName[])
    it(`has no serious accessibility issue in the theme ${theme}`, async () => {
      await show(['{"n":1,"at":5}', 'gone', 'same'], ['{"n":1,"at":6}', 'same', '<b>new</b>'], theme)
      assert.equal(await page.locator('pre b').count(), 0)
      assert.deepEqual(await seriousIssues(page, theme), [])
    })
})
