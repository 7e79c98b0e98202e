"""The files that CUPS and the page printer of the testbed are started with."""

LOOK_JOB = "look"
"""The name of a job that only makes the printer look at its faults."""

# ippeveprinter runs this for each document. It prints once nothing is wrong; while something is,
# it says so and waits, as a machine does that wants a person.
MECHANISM = """\
#!/bin/sh
D=${0%/*}
cancelled() {
  awk '/(Print|Create)-Job.* successful-ok/ { c = 0 } /Cancel-Job successful-ok/ { c = 1 }
       END { exit !c }' "$D/log/printer"
}
sleep 0.01  # until ippeveprinter has written down that it took this job
[ "$IPP_JOB_NAME" = look ] || { echo "$IPP_JOB_ID" > "$D/holds"; trap 'rm "$D/holds"' EXIT; }
while :; do
  # Asked to cancel, ippeveprinter waits for us all the same.
  [ "$IPP_JOB_NAME" = look ] || { cancelled && exit 1; }
  wrong=$(cat "$D/faults")
  tell=$(echo "$wrong" | sed 's/media-empty//')
  for reason in $(cat "$D/said"); do
    case " $tell " in *" $reason "*) ;; *) echo "STATE: -$reason" >&2 ;; esac
  done
  for reason in $tell; do echo "STATE: +$reason" >&2; done
  echo "$tell" > "$D/said"
  [ "$IPP_JOB_NAME" = look ] && exit 0
  stops=$(echo "$wrong" | sed 's/marker-supply-low//')
  [ -z "$(echo $stops)" ] && [ ! -e "$D/slow" ] && break
  sleep 0.03
done
mv "$1" "$D/printed/$IPP_JOB_ID-$IPP_SIDES-${IPP_COPIES:-1}.pdf"
"""

# As docs/devices.md wants it on a kiosk: no document outlives its job, nobody waits for a password.
CUPSD = """\
Listen 127.0.0.1:{port}
Browsing Off
WebInterface No
DefaultAuthType None
ErrorPolicy abort-job
PreserveJobFiles No
PreserveJobHistory 60
MaxLogSize 0
LogLevel warn
PageLogFormat
DirtyCleanInterval 0
<Location />
  Order deny,allow
  Allow localhost
</Location>
<Location /admin>
  Order deny,allow
  Allow localhost
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  SubscriptionPrivateAccess all
  SubscriptionPrivateValues none
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""
CUPS_FILES = """\
ServerRoot {folder}/etc
RequestRoot {folder}/spool
TempDir {folder}/tmp
CacheDir {folder}/cache
StateDir {folder}/state
ErrorLog {folder}/log/error
AccessLog {folder}/log/access
PageLog {folder}/log/page
ServerBin /usr/lib/cups
DataDir /usr/share/cups
User lp
Group lp
SystemGroup root
"""
LOOK_TEST = f"""\
{{
  OPERATION Print-Job
  GROUP operation-attributes-tag
  ATTR charset attributes-charset utf-8
  ATTR language attributes-natural-language en
  ATTR uri printer-uri $uri
  ATTR name job-name {LOOK_JOB}
  ATTR mimeMediaType document-format application/pdf
  FILE $filename
}}
"""
