/**
 * Templates of Artillery: `{{ name }}` is replaced when a scenario runs. Masked secrets become such placeholders, of environment
 * variables. Nothing that was recorded may become one by itself.
 */
import { MASK } from '../../../shared/secrets.ts'

/** What begins a placeholder, and what Artillery would therefore change. */
const BEGIN = '{{'

/** Whether Artillery could replace a part of the text. */
export function hasTemplate(text: string): boolean {
  return text.includes(BEGIN)
}

/** A JSON text with the same value, in which Artillery replaces nothing: two braces are always within a string. */
export function escapedJson(text: string): string {
  return text.replaceAll(BEGIN, '{\\u007b')
}

/** A URL for the same resource, in which Artillery replaces nothing. */
export function escapedUrl(url: string): string {
  return url.replaceAll('{', '%7B').replaceAll('}', '%7D')
}

/** The environment variables that stand for masked secrets. */
export class Secrets {
  /** What each variable is, by its name. */
  readonly variables = new Map<string, string>()

  /** The text, whose secrets are in the variable called like `name`; `what` says what they are. */
  fill(text: string, name: string, what: string): string {
    return text.includes(MASK) ? text.replaceAll(MASK, () => this.#placeholder(name, what)) : text
  }

  /** A URL whose secrets are in variables called like its parameters. */
  fillUrl(url: string): string {
    return url
      .replaceAll(/([^?&#;=/]+)=\*\*\*/g, (_, name: string) => {
        return `${name}=${this.#placeholder(name, `the parameter ${name} of URLs`)}`
      })
      .replaceAll(MASK, () => this.#placeholder('url secret', 'the secret in the path or the user of a URL'))
  }

  /** A JSON text whose masked members are in variables called like these. */
  fillJson(text: string): string {
    return text.replaceAll(/"([^"\\]{1,64})"(\s*:\s*)"\*\*\*"/g, (_, name: string, colon: string) => {
      return `"${name}"${colon}"${this.#placeholder(name, `the member ${name} of messages`)}"`
    })
  }

  #placeholder(name: string, what: string): string {
    const words = name
      .toUpperCase()
      .replaceAll(/[^A-Z\d]+/g, '_')
      .replaceAll(/^_+|_+$/g, '')
    const variable = /^[A-Z]/.test(words) ? words : `SECRET_${words}`
    this.variables.set(variable, what)
    return `{{ $env.${variable} }}`
  }
}
