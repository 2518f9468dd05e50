/** The side bar of a workbench, as a user sees it: views, their rows, the buttons and menus of rows. */
import type { Locator, Page } from 'playwright-core'

/** Milliseconds in which a menu takes a click, and closes after it. */
const TRY = 1000

export type ViewName = 'Connections' | 'Requests' | 'Recordings' | 'Servers'

export class SideBar {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  /** Its button in the activity bar. */
  get button(): Locator {
    return this.#page.locator('.activitybar').getByRole('tab', { name: /^Realtime/ })
  }

  /** Shows it. */
  async open(): Promise<void> {
    await this.button.click()
    await this.view('Connections').waitFor()
  }

  view(name: ViewName): Locator {
    return this.#page
      .locator('.split-view-view')
      .filter({ has: this.#page.locator('.pane-header').getByRole('heading', { name, exact: true }) })
      .last()
  }

  /** The rows of a view with the text in their label or description. */
  row(view: ViewName, text: string | RegExp): Locator {
    return this.view(view).getByRole('treeitem').filter({ hasText: text })
  }

  /** The texts of the rows of a view, from the top. */
  async texts(view: ViewName): Promise<string[]> {
    const rows = await this.view(view).getByRole('treeitem').all()
    const placed = await Promise.all(
      rows.map(async (row) => ({
        // The rows are in the document in any order.
        at: Number(await row.getAttribute('data-index')),
        text: (await row.locator('.label-name, .label-description').allInnerTexts()).join(' ').trim(),
      })),
    )
    return placed.sort((a, b) => a.at - b.at).map(({ text }) => text)
  }

  /** The badge behind the name of a row; empty if it has none. */
  async badge(row: Locator): Promise<string> {
    const label = row.locator('.monaco-icon-label').first()
    const content = await label.evaluate((element) => getComputedStyle(element, '::after').content)
    return /^"(.*)"$/.exec(content)?.[1] ?? ''
  }

  /** Clicks a button that a row shows while the mouse is on it. */
  async press(row: Locator, name: string): Promise<void> {
    await row.hover()
    await row.getByRole('button', { name, exact: true }).click()
  }

  /** Clicks a button in the title of a view. */
  async pressTitle(view: ViewName, name: string | RegExp): Promise<void> {
    await this.view(view).locator('.pane-header').hover()
    await this.view(view).locator('.pane-header').getByRole('button', { name }).click()
  }

  /** Chooses from the context menu of a row. */
  async choose(row: Locator, name: string): Promise<void> {
    await row.click({ button: 'right' })
    const item = this.menuItem(name)
    await item.waitFor()
    // A menu does not take clicks right after it has opened.
    while (await item.isVisible()) {
      await item.click({ timeout: TRY }).catch(() => {})
      await item.waitFor({ state: 'detached', timeout: TRY }).catch(() => {})
    }
  }

  menuItem(name: string): Locator {
    return this.#page.locator('.monaco-menu').getByRole('menuitem', { name, exact: true })
  }

  /** Drags something to something else, with the mouse in steps, as the trees of the workbench need it. */
  async drag(from: Locator, to: Locator): Promise<void> {
    const [start, end] = await Promise.all([from.boundingBox(), to.boundingBox()])
    if (start === null || end === null) throw new Error('What is dragged, or its target, is not in view.')
    const { mouse } = this.#page
    await mouse.move(start.x + 40, start.y + start.height / 2)
    await mouse.down()
    await mouse.move(start.x + 50, start.y + start.height / 2 + 4, { steps: 3 })
    await mouse.move(end.x + Math.min(60, end.width / 2), end.y + Math.min(end.height / 2, 200), {
      steps: 10,
    })
    await mouse.move(end.x + Math.min(61, end.width / 2 + 1), end.y + Math.min(end.height / 2, 200), {
      steps: 3,
    })
    await mouse.up()
  }
}
