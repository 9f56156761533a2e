import type { INodeProperties } from 'n8n-workflow';

import type { Operation } from '../operation/operation';

/** An operation that reads instead of sending. It has no table of fields; its form is its own. */
export interface ReadOperation extends Pick<
	Operation,
	'name' | 'vendor' | 'title' | 'documentation' | 'searchWords' | 'searchHint' | 'credential'
> {
	/** Fresh objects at every call: n8n changes them in place. */
	form: () => INodeProperties[];
}
