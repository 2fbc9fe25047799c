/**
 * Names of services as tcpdump prints them without `-n` (it asks the host's /etc/services; the names in use are those of
 * https://www.iana.org/assignments/service-names-port-numbers and some older ones): `name/other name=port`.
 */
const TABLE = `
tcpmux=1 echo=7 discard/sink/null=9 systat/users=11 daytime=13 netstat=15 qotd/quote=17 chargen/ttytst/source=19
ftp-data=20 ftp=21 ssh=22 telnet=23 smtp/mail=25 time/timserver=37 whois/nicname=43 tacacs=49 domain=53
sqlnet=66 bootps=67 gopher=70 finger=79 http/www/www-http=80 hosts2-ns=81
kerberos/kerberos5/krb5/kerberos-sec=88 iso-tsap/tsap=102 acr-nema/dicom=104 poppassd=106 pop3/pop-3=110
sunrpc/portmapper=111 auth/authentication/tap/ident=113 nntp/readnews/untp=119 epmap/loc-srv=135 netbios-ns=137
netbios-dgm=138 netbios-ssn=139 imap2/imap/imap4=143 snmp=161 snmp-trap/snmptrap=162 cmip-man=163 cmip-agent=164
mailq=174 bgp=179 smux=199 qmtp=209 z3950/wais=210 http-mgmt=280 pawserv=345 zserv=346 rpc2portmap=369
codaauth2=370 ldap=389 svrloc=427 https=443 snpp=444 microsoft-ds/cifs=445 kpasswd=464
submissions/ssmtp/smtps/urd=465 saft=487 exec=512 login=513 shell/cmd/syslog/rsh=514 printer/spooler=515
gdomap=538 uucp/uucpd=540 klogin=543 kshell/krcmd=544 afpovertcp=548 rtsp=554 nntps/snntp=563 submission=587
xmlrpc-beep=602 nqs=607 qmqp=628 ipp=631 ldaps/ldapssl=636 ldp=646 tinc=655 silc=706 kerberos-adm=749
kerberos4/kerberos-iv/kdc=750 kerberos-master=751 krb-prop/krb_prop/krb5_prop/hprop=754 moira-db/moira_db=775
moira-update/moira_update=777 spamd=783 netconf-ssh=830 domain-s=853 iscsi=860 supfilesrv=871 rsync=873
ftps-data=989 ftps=990 telnets=992 imaps=993 pop3s=995 blackjack=1025 socks=1080 proofd=1093 rootd=1094
rmiregistry=1099 supfiledbg=1127 skkserv=1178 openvpn=1194 search-agent=1234 rmtcfg=1236 xtel=1313 xtelw=1314
lotusnote/lotusnotes=1352 ibm-mqseries=1414 ms-sql-s=1433 ms-sql-m=1434 ncube-lm/oracle=1521 ingreslock=1524
datametrics/old-radius=1645 sa-msg-port/old-radacct=1646 kermit=1649 groupwise=1677 l2f=1701 pptp=1723
radius=1812 radius-acct/radacct=1813 mqtt=1883 upnp/ssdp=1900 cisco-sccp=2000 nfs/nfsd=2049 radsec=2083
gnunet=2086 rtcm-sc104=2101 gsigatekeeper=2119 iprop=2121 gris=2135 docker=2375 etcd-client=2379
etcd-server=2380 cvspserver=2401 venus=2430 venus-se=2431 codasrv=2432 codasrv-se=2433 mon=2583 zebrasrv=2600
zebra=2601 ripd=2602 ripngd=2603 ospfd=2604 bgpd=2605 ospf6d=2606 ospfapi=2607 isisd=2608 dict=2628
f5-globalsite=2792 gsiftp=2811 gpsd=2947 ppp/hbci/remoteware-cl=3000 gds-db/gds_db=3050 squid/ndl-aas=3128
isns=3205 iscsi-target=3260 mysql=3306 ms-wbt-server/wbt-server/rdp=3389 nut=3493 distcc=3632 daap=3689
svn/subversion=3690 suucp=4031 sysrqd=4094 sieve=4190 f5-iquery=4353 epmd=4369 remctl=4373 ntske=4460 fax=4557
hylafax=4559 mtn=4691 radmin-port=4899 munin/lrrd=4949 commplex-main=5000 commplex-link=5001 sip=5060
sip-tls=5061 xmpp-client/jabber-client=5222 xmpp-server/jabber-server=5269 cfengine=5308 mdns=5353
postgresql/postgres=5432 freeciv/rptp=5556 pcanywheredata=5631 nrpe=5666 nsca=5667 amqps=5671 amqp=5672
rrac=5678 canna=5680 rfb/vnc-server/vnc=5900 wsman=5985 wsmans=5986 x11/x11-0=6000 x11-1=6001 x11-2=6002
x11-3=6003 x11-4=6004 x11-5=6005 x11-6=6006 x11-7=6007 x11-ssh-offset=6010 gnutella-svc=6346 gnutella-rtr=6347
redis=6379 sge-qmaster/sge_qmaster=6444 sge-execd/sge_execd=6445 mysql-proxy=6446 syslog-tls=6514
sane-port/sane/saned=6566 ircd=6667 ircs-u=6697 bbs=7000 font-service/xfs=7100 irdmi=8000 vcom-tunnel=8001
teradataordbms=8002 mcreport=8003 ajp13=8009 zope-ftp=8021 http-alt/webcache/http-proxy=8080 tproxy=8081
omniorb=8088 puppet=8140 trivnet1=8200 https-alt/pcsync-https=8443 fmtp=8500 asterix=8600 secure-mqtt=8883
sun-answerbook/ddi-tcp-1=8888 clc-build-daemon=8990 cslistener=9000 cassandra=9042 websm/zeus-admin=9090
kafka=9092 xinetd=9098 jetdirect/hp-pdl-datastr=9100 bacula-dir=9101 bacula-fd=9102 bacula-sd=9103
elasticsearch/wap-wsp=9200 git=9418 xmms2=9667 zope=9673 webmin/ndmp=10000 scp-config=10001 zabbix-agent=10050
zabbix-trapper=10051 amanda=10080 kamanda=10081 amandaidx=10082 amidxtape=10083 nbd=10809
memcache/memcached=11211 hkp=11371 sgi-cad=17004 db-lsp=17500 dnp=20000 dcap=22125 gsidcap=22128 wnn6=22273
binkp=24554 mongodb=27017 asp=27374 csync2=30865 filenet-tms=32768 nimreg=48002 dircproxy=57000 tfido=60177
fido=60179
`;

/** Service name in lower case → TCP port. */
export const SERVICES: ReadonlyMap<string, number> = new Map(
  TABLE.trim()
    .split(/\s+/)
    .flatMap((entry) => {
      const [names = '', port] = entry.split('=');
      return names.split('/').map((name) => [name, Number(port)] as const);
    }),
);
