import type { INodeProperties } from 'n8n-workflow';

import { formOf, operations } from '../../index.ts';
import { formOfSendEvent } from '../../nodes/Vibetrace/form.ts';

/** The forms of the nodes by their names, without n8n's own modules, which the nodes load. */
export const formsByNode = (): ReadonlyArray<readonly [string, INodeProperties[]]> =>
	operations.map((operation) => [operation.name, operation.name === 'vibetraceSendEvent' ? formOfSendEvent() : formOf(operation)]);
