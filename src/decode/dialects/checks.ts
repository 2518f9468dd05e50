/** Checks values that users wrote. Each check adds sentences about what is wrong, and where. */

import { sentenceOf } from '../../shared/failure.ts'
import { isFields } from '../../shared/fields.ts'
import { compilePath, isPath } from './path.ts'

export type Check = (value: unknown, where: string, problems: string[]) => void

/** Maximum number of characters of a text. */
const MAX_TEXT = 200
/** Maximum number of problems that are collected for a dialect. */
const MAX_PROBLEMS = 20

export const scalar: Check = (value, where, problems) => {
  if (typeof value === 'object' && value !== null)
    problems.push(`${where} has to be a text, number, boolean or null.`)
  else if (typeof value === 'string') text(0)(value, where, problems)
}

export const path: Check = (value, where, problems) => {
  if (typeof value !== 'string') {
    problems.push(`${where} has to be a path, such as $.type.`)
    return
  }
  try {
    compilePath(value)
  } catch (thrown) {
    problems.push(`${where} is not a path: ${sentenceOf(thrown)}`.replace(/\.?$/, '.'))
  }
}

/** A path, or a text that stands for itself. */
export const source: Check = (value, where, problems) => {
  const check = typeof value === 'string' && isPath(value) ? path : text()
  check(value, where, problems)
}

export function text(least = 1): Check {
  return (value, where, problems) => {
    if (typeof value !== 'string') problems.push(`${where} has to be a text.`)
    else if (value.length < least) problems.push(`${where} must not be empty.`)
    else if (value.length > MAX_TEXT) problems.push(`${where} has more than ${MAX_TEXT} characters.`)
  }
}

export function literal(type: 'boolean' | 'number'): Check {
  return (value, where, problems) => {
    if (typeof value !== type) problems.push(`${where} has to be a ${type}.`)
  }
}

export function choice(choices: readonly unknown[]): Check {
  return (value, where, problems) => {
    const names = choices.map((each) => JSON.stringify(each)).join(', ')
    if (!choices.includes(value))
      problems.push(`${where} has to be ${choices.length > 1 ? 'one of ' : ''}${names}.`)
  }
}

export function list(item: Check, most: number, least = 0): Check {
  return (value, where, problems) => {
    if (!Array.isArray(value)) problems.push(`${where} has to be a list.`)
    else if (value.length < least) problems.push(`${where} must not be empty.`)
    else if (value.length > most) problems.push(`${where} has more than ${most} items.`)
    else
      for (const [index, each] of value.entries())
        if (problems.length < MAX_PROBLEMS) item(each, `${where}[${index}]`, problems)
  }
}

/** An object with any fields, whose names are checked too. */
export function map(name: Check, field: Check, most: number): Check {
  return (value, where, problems) => {
    if (!isFields(value)) {
      problems.push(`${where} has to be an object.`)
      return
    }
    const entries = Object.entries(value)
    if (entries.length > most) problems.push(`${where} has more than ${most} fields.`)
    for (const [key, each] of entries.slice(0, most)) {
      name(key, `The name ${key.slice(0, MAX_TEXT)} in ${where}`, problems)
      field(each, `${where}['${key.slice(0, MAX_TEXT)}']`, problems)
    }
  }
}

/** An object with some of these fields and no others. */
export function object(fields: Readonly<Record<string, Check>>, required: readonly string[] = []): Check {
  return (value, where, problems) => {
    if (!isFields(value)) {
      problems.push(`${where} has to be an object.`)
      return
    }
    for (const name of required) if (!Object.hasOwn(value, name)) problems.push(`${where} needs ${name}.`)
    for (const [name, each] of Object.entries(value)) {
      const check = Object.hasOwn(fields, name) ? fields[name] : undefined
      if (problems.length >= MAX_PROBLEMS) return
      if (check !== undefined) check(each, `${where}.${name}`, problems)
      else
        problems.push(
          `${where} has no ${name.slice(0, MAX_TEXT)}; it can have ${Object.keys(fields).join(', ')}.`,
        )
    }
  }
}

/** A value that passes one of the checks. If it has the type of one of them, that check says what is wrong. */
export function anyOf(what: string, ...checks: readonly Check[]): Check {
  return (value, where, problems) => {
    const found = checks.map((check) => {
      const each: string[] = []
      check(value, where, each)
      return each
    })
    if (found.some((each) => each.length === 0)) return
    const nested = found.find((each) => each.some((problem) => !problem.startsWith(`${where} has to be`)))
    for (const problem of nested ?? [`${where} has to be ${what}.`]) problems.push(problem)
  }
}
