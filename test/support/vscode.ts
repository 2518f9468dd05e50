/** Stands in for the module `vscode` outside VS Code, as far as texts are concerned: they are in English. */
import { registerHooks } from 'node:module'

export const l10n = {
  t: (text: string, ...values: readonly unknown[]) =>
    text.replaceAll(/\{([^}]+)\}/g, (placeholder, key) => String(values[key] ?? placeholder)),
}

export const env = { language: 'en' }

/** Tests replace what they need. */
export const commands: { executeCommand(name: string, ...values: unknown[]): Promise<unknown> } = {
  executeCommand: async () => undefined,
}

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'vscode' ? { url: import.meta.url, shortCircuit: true } : next(specifier, context),
})
