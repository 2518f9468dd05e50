/** Nunjucks in Insomnia: variables in `{{ _.name }}`, template tags in `{% uuid 'v4' %}`. */
import { variableName } from '../placeholders.ts'
import { askFor, Translation } from '../translation.ts'

/** Nothing that it repeats can match a brace, so the search is linear. */
const TAG = /(\{%[^{}]{1,2000}%\})/

/** Translates the texts of Insomnia. */
export class InsomniaTranslation extends Translation {
  constructor() {
    super(variable)
  }

  override text(foreign: string): string {
    return foreign
      .split(TAG)
      .map((part, index) => (index % 2 === 1 ? this.#tag(part) : super.text(part)))
      .join('')
  }

  #tag(written: string): string {
    const translated = tag(written.slice(2, -2).replaceAll(/^-|-$/g, '').trim())
    if (translated === undefined) this.addUnknown(written)
    return translated ?? written
  }
}

/** `_.name`, `_['a name']` and `name`. */
function variable(inside: string): string | undefined {
  const [, quoted, plain] =
    /^-?\s?(?:(?:_|vault)\[['"]([^'"]{1,100})['"]\]|(?:_\.)?([A-Za-z_][\w.-]{0,100}))\s?-?$/.exec(inside) ??
    []
  const name = variableName(quoted ?? plain ?? '')
  return name === '' ? undefined : `{{${name}}}`
}

function tag(inside: string): string | undefined {
  const [word = ''] = inside.split(/\s/, 1)
  const args = [...inside.matchAll(/'([^']{0,200})'|"([^"]{0,200})"/g)].map(
    ([, one, two]) => one ?? two ?? '',
  )
  switch (word) {
    case 'uuid':
      return '{{$uuid}}'
    case 'now':
      return {
        'iso-8601': '{{$isoTimestamp}}',
        unix: '{{$timestamp}}',
        millis: '{{$timestamp ms}}',
        '': '{{$isoTimestamp}}',
      }[args[0] ?? '']
    case 'timestamp':
      return '{{$isoTimestamp}}'
    case 'prompt':
      return askFor(args[0] ?? '')
    default:
      return undefined
  }
}
