// The npm client cybertipline-tools as it is published, driven against a server: node report.mjs FOLDER ADDRESS LOGIN SECRET.
// Only the base URL is set from outside; prints what came back, as JSON. All data is invented.
import { pathToFileURL } from 'node:url';

const [folder, address, login, secret] = process.argv.slice(2);
const { Client, IncidentType, IPEventName, FileRelevance } = await import(
  pathToFileURL(`${folder}/node_modules/cybertipline-tools/dist/index.js`).href
);

function client(password) {
  const made = new Client({ environment: 'testing', credentials: { username: login, password } });
  made.baseUrl = address;
  return made;
}

async function refusal(work) {
  try {
    const { data } = await work();
    return data.responseCode;
  } catch (error) {
    return error.message;
  }
}

const reporting = client(secret);
const report = {
  incidentSummary: { incidentType: IncidentType.OnlineEnticement, incidentDateTime: new Date('2026-03-01T08:00:00Z') },
  incidentDetails: { webPageIncidents: [{ url: ['https://chat.example.com/u/1'], thirdPartyHostedContent: false }] },
  reporter: { reportingPerson: { firstName: 'Ada', email: [{ email: 'trust@chat.example.com', verified: true }] } },
  personOrUserReported: {
    espIdentifier: 'node-1',
    ipCaptureEvent: [{ ipAddress: '192.0.2.7', eventName: IPEventName.Login, dateTime: new Date('2026-03-01T07:59:00Z'), port: 51600 }],
  },
};

const status = await reporting.getStatus();
const opened = await reporting.submitReport(report);
const id = opened.data.reportId;
const uploads = [];
for (const [name, text] of [['one.txt', 'Hello'], ['two.txt', 'Hello again']]) {
  const { data } = await reporting.uploadFile({ id, file: new File([text], name) });
  uploads.push({ fileId: data.fileId, hash: data.hash, text });
  await reporting.submitFileDetails({ reportId: id, fileId: data.fileId, originalFileName: name, fileViewedByEsp: true, fileRelevance: FileRelevance.Reported });
}
const finished = await reporting.finishReport({ id });
const again = await reporting.finishReport({ id });
const other = (await reporting.submitReport(report)).data.reportId;
const retracted = await reporting.cancelReport({ id: other });
const retractedAgain = await reporting.cancelReport({ id: other });
console.log(
  JSON.stringify({
    status: status.data.responseDescription,
    requestId: status.requestId,
    id,
    uploads,
    finished: finished.data,
    again: again.data.responseCode,
    other,
    retracted: retracted.data.responseCode,
    retractedAgain: retractedAgain.data.responseCode,
    invalid: await refusal(() => reporting.submitReport({ ...report, reporter: { reportingPerson: { firstName: 'Ada', email: [] } } })),
    stranger: await refusal(() => client('wrong').getStatus()),
  }),
);
