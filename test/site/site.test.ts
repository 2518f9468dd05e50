/** The documentation site, built and shown in a browser. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { launchHeadless } from '../../scripts/browser.ts'
import { PATIENCE } from '../support/patience.ts'
import { seriousIssues } from '../webview/preview/axe.ts'
import { type BuiltSite, builtSite } from './built-site.ts'

describe('the documentation site', () => {
  let folder: string
  let site: BuiltSite
  let browser: Browser
  const opened: Page[] = []

  before(async () => {
    site = await builtSite()
    folder = site.folder
    browser = await launchHeadless()
  })

  afterEach(async () => {
    for (const page of opened.splice(0)) await page.context().close()
  })

  after(async () => {
    await browser?.close()
  })

  /** Opens a page of the site. */
  async function open(path: string, colorScheme: 'dark' | 'light' = 'dark'): Promise<Page> {
    const context = await browser.newContext({ colorScheme, viewport: { width: 1280, height: 900 } })
    context.setDefaultTimeout(PATIENCE)
    const page = await context.newPage()
    opened.push(page)
    await page.goto(new URL(path, site.url).href)
    return page
  }

  const background = (page: Page) =>
    page.evaluate('getComputedStyle(document.body).backgroundColor') as Promise<string>

  it('links to pages, headings and files that exist', () => {
    const pages = readdirSync(folder).filter((name) => name.endsWith('.html') && name !== '404.html')
    assert.ok(pages.length > 18, `${pages.length} pages`)
    const htmlOf = new Map(pages.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
    const broken = [...htmlOf].flatMap(([name, html]) => {
      const targets = new Set([...html.matchAll(/ (?:href|src)="([^"]+)"/g)].map(([, target = '']) => target))
      return [...targets].filter((target) => {
        const url = new URL(target, new URL(name, site.url))
        if (url.origin !== new URL(site.url).origin) return false
        const file = url.pathname === '/' ? 'index.html' : url.pathname.slice(1)
        if (url.hash === '') return !existsSync(join(folder, file))
        return !idsIn(htmlOf.get(file) ?? '').has(decodeURIComponent(url.hash.slice(1)))
      })
    })
    assert.deepEqual(broken, [])
  })

  it('has each document in the sidebar, and says first what the product does', async () => {
    const page = await open('/')
    await page.getByRole('heading', { name: 'See what a server pushes, live' }).waitFor()
    await page.getByRole('link', { name: 'Get started' }).first().click()
    await page.getByRole('heading', { level: 1, name: 'Get started' }).waitFor()
    const links = page.locator('.VPSidebar a')
    const linked = await links.evaluateAll((all) => all.map(String))
    const built = readdirSync(folder).filter(
      (name) => name.endsWith('.html') && !['404.html', 'index.html'].includes(name),
    )
    assert.deepEqual([...new Set(linked.map((link) => link.split('/').at(-1)))].toSorted(), built.toSorted())
  })

  it('finds a page', async () => {
    const page = await open('/filter.html')
    await page.getByRole('button', { name: 'Search' }).first().click()
    await page.getByRole('searchbox').fill('jitter')
    const found = page.getByRole('option').filter({ hasText: 'Faults on purpose' }).first()
    await found.click()
    await page.waitForURL(/faults\.html/)
  })

  it('is dark or light as the system is, and as the reader wants', async () => {
    const [dark, light] = [await open('/panel.html', 'dark'), await open('/panel.html', 'light')]
    const [onDark, onLight] = [await background(dark), await background(light)]
    assert.notEqual(onDark, onLight)
    await dark.getByRole('switch').first().click()
    await dark.locator('html:not(.dark)').waitFor({ state: 'attached' })
    assert.equal(await background(dark), onLight)
  })

  it('shows the picture of the theme', async () => {
    const page = await open('/', 'light')
    const picture = page.locator('img.only-light')
    await picture.waitFor()
    assert.equal(await page.locator('img.only-dark').isVisible(), false)
  })

  it('has no serious accessibility issues', async () => {
    for (const scheme of ['dark', 'light'] as const)
      for (const path of ['/', '/getting-started.html']) {
        const issues = await seriousIssues(await open(path, scheme))
        // The search button of VitePress shows its keys, which are not in its name.
        const ours = issues.filter((issue) => !/label-content-name-mismatch.*DocSearch/.test(issue))
        assert.deepEqual(ours, [], `${path} ${scheme}`)
      }
  })

  it('asks no other origin, and for no file that is missing', async () => {
    const page = await open('/')
    const origins = new Set<string>()
    page.on('request', (request) => origins.add(new URL(request.url()).origin))
    for (const path of ['/', '/protocols.html', '/techniques.html']) {
      await page.goto(new URL(path, site.url).href)
      await page.waitForLoadState('networkidle')
    }
    assert.deepEqual([...origins], [new URL(site.url).origin])
    assert.deepEqual(site.missing, [])
  })
})

function idsIn(html: string): ReadonlySet<string> {
  return new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id))
}
