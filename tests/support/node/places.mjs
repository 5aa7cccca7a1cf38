import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

export const kSource = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
export const kBinary = process.env.HANDRAIL_BINARY ?? path.join(kSource, 'build/dev/handrail');
export const kFlows = process.env.HANDRAIL_STORY_FLOWS ?? path.join(kSource, 'flows');
/** From the package nginx; undefined where it is not installed. */
export const kNginx = ['/usr/sbin/nginx', '/usr/bin/nginx'].find((file) => fs.existsSync(file));
/** From the package faketime: moves the wall clock of a running process. */
export const kFakeTime = ['x86_64-linux-gnu', 'aarch64-linux-gnu']
    .map((arch) => `/usr/lib/${arch}/faketime/libfaketimeMT.so.1`)
    .find((file) => fs.existsSync(file));
