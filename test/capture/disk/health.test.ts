/** When a disk that failed works again. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DiskHealth } from '../../../src/capture/disk/health.ts'
import { canMount, type SmallDisk, smallDisk } from '../../support/small-disk.ts'
import { removeTempDirs } from '../../support/temp-dir.ts'

function diskError(code: string): Error {
  return Object.assign(new Error(`${code}: write`), { code })
}

if (canMount)
  describe('the health of a disk that takes small writes and has no room for large ones', () => {
    let disk: SmallDisk
    let health: DiskHealth

    beforeEach(() => {
      disk = smallDisk(1)
      writeFileSync(join(disk.path, 'other'), Buffer.alloc(100_000))
      health = new DiskHealth({ waitsForDisk: true })
    })
    afterEach(() => {
      disk.unmount()
      removeTempDirs()
    })

    it('is good after a write that works if it was not full, and nobody waits any more', async () => {
      health.fail(diskError('EIO'))
      const mayGoOn = new Promise<void>((resolve) => health.onWritable(resolve))
      assert.equal(health.isWaiting, true)
      assert.equal(health.work(disk.path), true)
      await mayGoOn
      assert.deepEqual([health.failure, health.isWaiting], [undefined, false])
    })

    it('is bad until there is room if it was full, also if it failed otherwise before or after', () => {
      for (const codes of [['ENOSPC'], ['EDQUOT'], ['EIO', 'ENOSPC'], ['ENOSPC', 'EIO']]) {
        disk.resize(1)
        for (const code of codes) health.fail(diskError(code))
        assert.equal(health.work(disk.path), false, codes.join())
        assert.equal(health.failure?.code, codes[0])
        disk.resize(4)
        assert.equal(health.work(disk.path), true, codes.join())
      }
    })

    it('forgets that it was full once it works', () => {
      health.fail(diskError('ENOSPC'))
      disk.resize(4)
      assert.equal(health.work(disk.path), true)
      disk.resize(1)
      health.fail(diskError('EIO'))
      assert.equal(health.work(disk.path), true)
    })
  })
