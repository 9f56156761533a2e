/** The sandbox in a process of its own, so that its work is not the node's: tells its parent the credentials. */
import { startSandbox } from '../sandbox/server.mts';

const sandbox = await startSandbox({ keep: 20, appMetrica: { exportPolls: 0 } });
process.on('disconnect', () => process.exit());
process.send?.(sandbox.credentials);
