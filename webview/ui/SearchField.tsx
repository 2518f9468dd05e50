import * as l10n from '@vscode/l10n'

interface SearchFieldProps {
  /** What is searched: its accessible name and placeholder. */
  readonly name: string
  readonly value: string
  readonly onChange: (value: string) => void
}

/** A field that narrows the list of a popover. Gets the focus unless something else in the popover asks for it. */
export function SearchField({ name, value, onChange }: SearchFieldProps) {
  return (
    <input
      class="field search"
      type="search"
      data-search
      aria-label={name}
      placeholder={name}
      spellcheck={false}
      value={value}
      onInput={(event) => onChange(event.currentTarget.value)}
    />
  )
}

/** Shown in place of a list if nothing in it was found. */
export function NothingFound({ query }: { query: string }) {
  return (
    <p class="hint" role="status">
      {l10n.t('Nothing contains “{0}”.', query.trim())}
    </p>
  )
}

/** Whether one of the texts contains every word of the query, in any case. */
export function contains(query: string, ...texts: readonly string[]): boolean {
  const words = query.toLowerCase().split(/\s+/)
  const searched = texts.join('\n').toLowerCase()
  return words.every((word) => searched.includes(word))
}
