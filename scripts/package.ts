/** Makes the .vsix of a production build: `node scripts/package.ts [FILE]`. */
import { createVSIX } from '@vscode/vsce'
import { ROOT } from './paths.ts'

/** Returns once the package is written to `file`, or under vsce's default name in the repository. */
export async function makePackage(file?: string): Promise<void> {
  await createVSIX({
    cwd: ROOT,
    dependencies: false,
    // There is no public repository that relative links could be made to lead to.
    rewriteRelativeLinks: false,
    allowMissingRepository: true,
    ...(file === undefined ? {} : { packagePath: file }),
  })
}

if (import.meta.main) await makePackage(process.argv[2])
