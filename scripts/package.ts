/** Makes the .vsix of a production build: `node scripts/package.ts [FILE]`. */
import { createVSIX } from '@vscode/vsce'
import { ROOT } from './paths.ts'

/** What vsce makes of a production build. */
export const PACKAGE_OPTIONS = { dependencies: false, changelogPath: 'dist/changelog.md' } as const

/** Writes the package to `file`, or to vsce's default name in the repository. */
export async function makePackage(file?: string): Promise<void> {
  await createVSIX({
    cwd: ROOT,
    ...PACKAGE_OPTIONS,
    ...(file === undefined ? {} : { packagePath: file }),
  })
}

if (import.meta.main) await makePackage(process.argv[2])
