import sys,json,csv,re,itertools,difflib
n=sys.argv[1]
rows={}
for r in csv.DictReader(open(f'/tmp/cat/chunk{n}.tsv'),delimiter='\t',quoting=csv.QUOTE_NONE): rows[int(r['i'])]=r
mats={l.split('\t')[0] for l in open('/tmp/cat/materials.tsv')}
G='social identity medical transport education housing tax family work aid law life biz_start biz_licence biz_staff biz_tax biz_build biz_transport biz_culture biz_rural'.split()
W='street county city police_station exit_entry vehicle tax hospital school online office utility'.split()
BAD=['法律法规规定的','符合相关规定','相关材料','有关规定','其他材料','等相关','规定的其他']
out={};errs=[]
for ln,l in enumerate(open(f'/tmp/cat/out/chunk{n}.jsonl'),1):
    if not l.strip(): continue
    try:o=json.loads(l)
    except Exception as e: errs.append(f'line {ln}: not JSON {e}'); continue
    i=o.get('i')
    if i not in rows: errs.append(f'line {ln}: i {i} not in chunk'); continue
    if i in out: errs.append(f'{i} twice')
    out[i]=o
    e=lambda m: errs.append(f'{i} {rows[i]["main"]}/{rows[i]["handling"]}: {m}')
    for k in ('slug','main','en','ko','sum','get','cond','mat','basis','where','visits','say','kw','pop','group','who'):
        if k not in o: e(f'{k} missing')
    extra=set(o)-set('i slug main main_en main_ko en ko zh sum get result cond mat basis steps fee where visits courier say kw pop group also who model'.split())
    if extra: e(f'unknown {extra}')
    try:
        for k in ('slug','main'):
            if not re.fullmatch(r'[a-z][a-z0-9_]{1,59}',o[k]): e(f'{k} form')
        if rows[i]['handling'] and not o.get('zh'): e('zh missing (handling item)')
        if len(o.get('zh',''))>30: e('zh too long')
        if len(o['en'])>70: e('en too long')
        if len(o['sum'])!=3 or len(o['sum'][0])>26 or len(o['sum'][1])>70 or len(o['sum'][2])>42: e('sum lengths')
        if not 1<=len(o['cond'])<=5 or any(len(c)>60 for c in o['cond']): e('cond')
        txt=json.dumps(o,ensure_ascii=False)
        for b in BAD:
            if b in txt: e(f'filler {b}')
        for m in o['mat']:
            if isinstance(m,list): m=m[0]
            if isinstance(m,dict):
                if not {'zh','en','ko','trust'}<=set(m): e(f'mat {m}')
            elif m.lstrip('?') not in mats: e(f'material {m} unknown')
        if o['group'] not in G or o.get('also','social') not in G: e('group')
        if o['where'] not in W: e('where')
        if not 3<=len(o['say'])<=10: e('say count')
        if any(not 2<=len(s)<=18 for s in o['say']): e('say length')
        if not isinstance(o['pop'],int) or not 0<=o['pop']<=1000: e('pop')
        if not set(o['who'])<={'self','guardian','proxy','company'} or not o['who']: e('who')
    except Exception as x: e(f'error {x!r}')
slugs={}
for i,o in out.items():
    s=o.get('slug')
    if s in slugs: errs.append(f'slug {s} twice: {i} {slugs[s]}')
    slugs[s]=i
says={}
for i,o in out.items():
    for s in o.get('say',[]): says.setdefault(s,[]).append(i)
for s,w in says.items():
    if len(w)>2: errs.append(f'saying {s} on {w}')
main_names={}
for i,o in out.items():
    main_names.setdefault((rows[i]['department'],rows[i]['main']),[]).append(o)
for k,v in main_names.items():
    if len({o.get('main') for o in v})>1: errs.append(f'main slug differs {k}')
    if any(rows[o['i']]['handling'] for o in v) and not any('main_en' in o and 'main_ko' in o for o in v): errs.append(f'main_en/main_ko missing {k}')
def body(o): return ''.join(o.get('cond',[]))+o.get('get','')
it=list(out.items())
for a in range(len(it)):
    for b in range(a+1,min(len(it),a+40)):
        A,B=body(it[a][1]),body(it[b][1])
        if A==B or (abs(len(A)-len(B))<8 and difflib.SequenceMatcher(None,A,B).ratio()>.93): errs.append(f'near-duplicate texts {it[a][0]} {it[b][0]}')
missing=[i for i in rows if i not in out]
print(f'{len(out)} of {len(rows)} written; {len(errs)} problems; next missing: {missing[:12]}')
for e in errs[:40]: print(' ',e)
