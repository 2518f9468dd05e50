/** The panel with the demo's traffic, as a new user sees it: in every theme, wide and narrow, with the camera. */
import { becomes } from '../support/eventually.ts'
import { type OpenedInspector, oneStory, openInspector } from './story.ts'
import { TimelineHand } from './timeline.ts'
import type { Workbench } from './workbench.ts'

const THEMES = [
  ['Light Modern', 'vscode-light', 'panel-light'],
  ['Dark High Contrast', 'vscode-high-contrast', 'panel-hc-dark'],
  ['Light High Contrast', 'vscode-high-contrast-light', 'panel-hc-light'],
  ['Dark Modern', 'vscode-dark', 'panel-dark-again'],
] as const

const PATHS = ['/ticker', '/events', '/config', '/status', '/log', '/camera', '/socket.io/', '/graphql']

describe('the demo in a workbench', () => {
  oneStory(() => workbench)
  let opened: OpenedInspector
  let workbench: Workbench
  let timeline: TimelineHand

  before(async () => {
    opened = await openInspector()
    workbench = opened.workbench
    timeline = new TimelineHand(workbench)
  })
  after(() => opened?.close())

  const panel = () => workbench.panel
  const filter = () => panel().getByRole('combobox', { name: 'Filter' })

  it('connects with every transport', async () => {
    await workbench.command('Realtime: Start the Demo')
    for (const path of PATHS) await workbench.connection(path).waitFor()
    await workbench.rows(/↓/).first().waitFor()
    // The editor has the window to itself.
    await workbench.command('View: Toggle Primary Side Bar Visibility')
  })

  it('shows the camera’s pictures as they arrive', async () => {
    await workbench.toggleConnection('/camera')
    await workbench.rows(/↓/).first().click()
    await panel().getByRole('tab', { name: 'Watch' }).click()
    const picture = panel().getByRole('img', { name: 'Newest frame of the stream' })
    await panel().getByText('160 × 120').waitFor()
    const first = await picture.getAttribute('src')
    await panel().locator(`img.watch-picture:not([src="${first}"])`).waitFor()
    await workbench.screenshot('watch-camera')
    await panel().getByRole('tab', { name: 'Payload' }).click()
    await workbench.toggleConnection('/camera')
  })

  it('narrows the list to the trades at a price, and shows one', async () => {
    await filter().fill('$.type == "trade" and $.price > 60')
    await panel()
      .getByText(/of .* events$/)
      .waitFor()
    // The preview leaves out the field that the column of types shows.
    await workbench
      .rows(/trade.*price: /)
      .first()
      .waitFor()
    await workbench
      .rows(/trade.*price: /)
      .nth(5)
      .click()
    await panel().getByRole('treeitem').filter({ hasText: '"venue"' }).waitFor()
    await workbench.screenshot('panel-dark')
  })

  for (const [name, bodyClass, picture] of THEMES)
    it(`is legible in ${name}`, async () => {
      await workbench.theme(name, bodyClass)
      await workbench.screenshot(picture)
    })

  it('says what the messages of Socket.IO mean, and how long their answers took', async () => {
    // New rows move the others, so that a click may hit another one: all have what is looked for.
    await filter().fill('name:buy kind:ack')
    await workbench.toggleConnection('/socket.io/')
    await panel().getByRole('button', { name: 'Hide the lanes of the timeline' }).click()
    await workbench
      .rows(/↓.*buy.* ms/)
      .nth(2)
      .click()
    await panel().getByRole('tabpanel').getByText('"bought"', { exact: true }).waitFor()
    await filter().fill('')
    await filter().press('Escape')
    await panel().getByRole('listbox').waitFor({ state: 'hidden' })
    await workbench.rows(/offer/).first().waitFor()
    await workbench.screenshot('panel-decoded')
    await panel().getByRole('button', { name: 'Show the lanes of the timeline' }).click()
    await workbench.toggleConnection('/socket.io/')
  })

  it('puts together what the language model answered', async () => {
    await panel()
      .getByRole('tab', { name: /^Answers/ })
      .click()
    const answer = panel().getByRole('region', { name: 'Answers' })
    await answer.getByText('get_quotes').first().waitFor()
    await workbench.screenshot('panel-answer')
    await panel().getByRole('tab', { name: 'Events' }).click()
  })

  // Late in the story: the stream breaks by itself 40 s after the start, of which the tests before this one take a part.
  it('shows how the event stream broke, waited and continued', async () => {
    await timeline.canvas.and(panel().locator('[aria-label*="/events"][aria-label*="reconnects"]')).waitFor()
    await panel().getByRole('button', { name: /^Live/ }).click()
    await timeline.section.focus()
    for (let i = 0; i < 4; i++) await workbench.page.keyboard.press('-')
    await workbench.connection('/ticker').scrollIntoViewIfNeeded()
    await workbench.screenshot('panel-overview')
  })

  it('fits a narrow window', async () => {
    await workbench.page.setViewportSize({ width: 620, height: 900 })
    await filter().waitFor()
    const overflow = () =>
      panel()
        .locator('html')
        .evaluate((root) => {
          const { scrollWidth, clientWidth } = root as unknown as Record<
            'scrollWidth' | 'clientWidth',
            number
          >
          return scrollWidth - clientWidth
        })
    await becomes(overflow, 0)
    await workbench.screenshot('panel-narrow')
  })
})
