/** The parts of a request of a file in the form in which requests are printed, to compare them with a request to write. */

import type { PrintedContent, PrintedStep } from './print.ts'
import type { ContentPart, FileRequest, Written } from './request-file.ts'

/** The steps as they are written. */
export function writtenSteps({ steps }: FileRequest): PrintedStep[] {
  return steps.map((step) =>
    step.kind === 'wait'
      ? { kind: 'wait' }
      : { kind: 'send', ...writtenContent(step.content, step.format, step.name) },
  )
}

export function writtenContent(
  content: readonly ContentPart[],
  format: Written | undefined,
  name?: Written,
): PrintedContent {
  const text = content.map((part) => (part.kind === 'text' ? part.text : fileLine(part))).join('')
  return { name: name?.text ?? '', format: format?.text ?? '', lines: text.split('\n') }
}

function fileLine({ isFilled, path }: ContentPart & { readonly kind: 'file' }): string {
  return `<${isFilled ? '@' : ''} ${path.text}`
}

export function isSameStep(one: PrintedStep, other: PrintedStep | undefined): boolean {
  if (other === undefined || one.kind !== other.kind) return false
  return one.kind === 'wait' || (other.kind === 'send' && isSameContent(one, other))
}

export function isSameContent(one: PrintedContent, other: PrintedContent): boolean {
  return (
    one.name === other.name &&
    one.format === other.format &&
    one.lines.length === other.lines.length &&
    one.lines.every((line, index) => line === other.lines[index])
  )
}
