/**
 * Text as the editor's messages, progress and prompts are given it. They take `[label](command:…)` for a link that
 * runs the command, and what a peer or a file says must be no more than text. Imports nothing of `vscode`.
 */
export function plainText(text: string): string {
  return text.replaceAll('](', '] (')
}
