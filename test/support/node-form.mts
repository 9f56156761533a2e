import { NodeHelpers } from 'n8n-workflow';
import type { INode, INodeParameters, INodeType } from 'n8n-workflow';

/** A node of a workflow with these parameters. */
export const asNode = (parameters: INodeParameters): INode => ({
	id: '1',
	name: 'Node',
	type: 'x',
	typeVersion: 1,
	position: [0, 0],
	parameters,
});

/** The parameters with the defaults that n8n adds, as far as the form shows them. */
export const resolvedParameters = ({ description }: INodeType, parameters: INodeParameters) =>
	NodeHelpers.getNodeParameters(
		description.properties,
		parameters,
		true,
		false,
		asNode(parameters),
		description,
	) ?? {};
