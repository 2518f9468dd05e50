/** How the documents, which are written for the repository, become pages. */
import type { MarkdownOptions } from 'vitepress'

type Markdown = Parameters<NonNullable<MarkdownOptions['config']>>[0]

export function readAsDocuments(markdown: Markdown): void {
  withoutOutsideLinks(markdown)
  withoutTemplates(markdown)
}

/** Links to files that the site does not have, such as tests, become plain text. */
function withoutOutsideLinks({ core }: Markdown): void {
  core.ruler.push('outside-links', ({ tokens }) => {
    for (const { children } of tokens) {
      let isOutside = false
      for (const token of children ?? []) {
        if (token.type === 'link_open') isOutside = token.attrGet('href')?.startsWith('../') ?? false
        if (!isOutside || !token.type.startsWith('link_')) continue
        // A link does not contain another one.
        if (token.type === 'link_close') isOutside = false
        Object.assign(token, { type: 'text', tag: '', content: '', nesting: 0 })
      }
    }
  })
}

/** Braces such as those of `{{variables}}` are text, not expressions of Vue. */
function withoutTemplates({ renderer: { rules } }: Markdown): void {
  for (const name of ['text', 'code_inline'] as const) {
    const render = rules[name]
    if (render === undefined) throw new Error(`markdown-it has no rule for ${name}; see withoutTemplates.`)
    rules[name] = (...args) => render(...args).replaceAll('{{', '&#123;&#123;')
  }
}
