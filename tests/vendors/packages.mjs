// The gateways' own packages, found from here because here they are installed.
export {TelnyxWebhook} from 'telnyx/lib/webhooks.mjs';
export {Telnyx} from 'telnyx';
export {Auth} from '@vonage/auth';
export {verifySignature, tokenGenerate} from '@vonage/jwt';
export {Messages} from '@vonage/messages';
export {SMS} from '@vonage/sms';
export {default as plivo} from 'plivo';
export {Configuration, MessagesApi} from 'bandwidth-sdk';
