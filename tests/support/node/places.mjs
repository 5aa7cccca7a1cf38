import path from 'node:path';
import {fileURLToPath} from 'node:url';

export const kSource = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
export const kBinary = process.env.HANDRAIL_BINARY ?? path.join(kSource, 'build/dev/handrail');
export const kFlows = process.env.HANDRAIL_STORY_FLOWS ?? path.join(kSource, 'flows');
