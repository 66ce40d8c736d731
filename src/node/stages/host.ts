/* The host's event loop by itself: tasks in, when each ran out. Config: stalls, a file or as path.host.stalls. */
import { dirname, isAbsolute, join } from 'node:path'
import { stageSummary } from '../../metrics/stage-summary.ts'
import { driveHost } from '../../path/drive-host.ts'
import { parseHostStage } from '../../scenario/stage-config.ts'
import { readStallTrace } from '../stall-trace.ts'
import { cellOf, readArrivals, type Stage, writeDepartures } from './stage.ts'

export const HOST_STAGE: Stage = {
  describe:
    'in: tNs,serviceNs; out: tNs,startNs,endNs,delayNs; config: stalls: FILE (t_ns, service_ns, kind) or as path.host.stalls',
  async run(call) {
    const { stalls, trace, isTraceEdited } = parseHostStage(call.config)
    const beside = (file: string): string =>
      isTraceEdited || isAbsolute(file) ? file : join(dirname(call.config.fileName), file)
    const weather = trace === null ? stalls : await readStallTrace({ ...trace, file: beside(trace.file) })
    const [tNs, serviceNs] = await readArrivals(call, [{ name: 'tNs', ascending: true }, { name: 'serviceNs' }])
    const count = tNs.length
    const { startNs, endNs } = driveHost(weather, { count, tNs, serviceNs }, call.seed)
    call.progress.say(`writing ${call.out}`)
    const delayNs = startNs.map((ns, i) => ns - tNs[i])
    writeDepartures(call.out, 'tNs,startNs,endNs,delayNs', (row) => {
      for (let i = 0; i < count; i++) row(`${tNs[i]},${cellOf(startNs[i])},${cellOf(endNs[i])},${cellOf(delayNs[i])}`)
    })
    return stageSummary(count, delayNs, endNs, new Map())
  }
}
