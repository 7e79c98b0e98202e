"""chunk*.jsonl + services.csv + the 30 old services -> hub/catalog/services/**, forms/**."""
import csv,json,tomllib,shutil,sys,glob,collections,re
from pathlib import Path
OUT=Path('/tmp/wt4/hub/catalog'); OLD=Path('/tmp/cat/old_services')
if not OLD.exists(): shutil.copytree('/work/main/hub/catalog/services',OLD)
rows=list(csv.DictReader(open('/work/shared/data/catalogue/services.csv',encoding='utf-8-sig')))
ids=json.load(open('/tmp/cat/departments.json'))
pick=json.load(open('/tmp/cat/pick.json'))
notes={}
for f in sorted(glob.glob('/tmp/cat/out/chunk*.jsonl')):
    for l in open(f):
        if l.strip(): o=json.loads(l); notes[o['i']]=o
def q(s): return json.dumps(s,ensure_ascii=False)
def words(w): return '{ '+', '.join(f'{k} = {q(v)}' for k,v in w.items())+' }'
def said(s): return q(s) if isinstance(s,str) else words(s)
def arr(xs,f=q,width=96,indent=''):
    one='['+', '.join(f(x) for x in xs)+']'
    if len(one)<width-20 and len(xs)<=6 and all(isinstance(x,str) and len(x)<30 for x in xs): return one
    if all(isinstance(x,str) for x in xs) and len(one)<=88: return one
    return '[\n'+''.join(f'  {f(x)},\n' for x in xs)+']'
AUD={'natural':['person'],'legal':['company'],'both':['person','company']}
CODE_ROW={}
old={}
for f in sorted(OLD.glob('*.toml')):
    d=tomllib.load(open(f,'rb')); d['slug']=f.stem
    special={'social_insurance_participation_certificate':656,'residence_permit':197,'elderly_transport_card':1079}
    i=special.get(f.stem)
    if i is None: i=int(d['code'][-9:-3])-2
    old[i]=d
deps={d['id']:d for d in tomllib.load(open(OUT/'departments.toml','rb'))['department']}
LV={'city':'3','county':'4','street':'5','community':'5'}
HERE={'apply':'apply','print':'print','query':'query','no':'no'}
def material(m):
    if isinstance(m,str): return q(m)
    if isinstance(m,list):
        i,n=m; parts=[f'id = {q(i.lstrip("?"))}']
        if i.startswith('?'): parts.append('required = false')
        parts.append(f'note = {q(n)}')
        return '{ '+', '.join(parts)+' }'
    parts=[f'name = {words({k:m[k] for k in ("zh","en","ko")})}']
    if 'if' in m: parts+=['required = false']
    parts.append(f'trust = {q(m["trust"])}')
    if 'if' in m: parts.append(f'note = {q(m["if"])}')
    return '{ '+', '.join(parts)+' }'
def old_material(m):
    parts=[f'id = {q(m["id"])}',f'name = {words(m["name"])}']
    if not m['required']: parts.append('required = false')
    parts.append(f'trust = {q(m["trust"])}')
    if m['form']!='paper': parts.append(f'form = {q(m["form"])}')
    if m['pages_max']!=4: parts.append(f'pages_max = {m["pages_max"]}')
    parts.append(f'note = {words(m["note"])}')
    return '{ '+', '.join(parts)+' }'
mains=collections.OrderedDict(); problems=[]
for i in sorted(pick):
    if i not in notes: problems.append(i); continue
    n=notes[i]; r=rows[i]; dep,credit=ids[r['department']]
    if i in old: dep=old[i]['department']; credit=deps[dep]['credit_code']
    mains.setdefault((dep,n['main']),[]).append(i)
def num(s):
    s=(s or '').strip()
    return int(float(s)) if s else None
for p in (OUT/'services').rglob('*'):
    if p.is_file(): p.unlink()
(OUT/'services').mkdir(exist_ok=True)
slugs=collections.Counter(); codes=set()
for (dep,main),members in mains.items():
    first=rows[members[0]]; n0=notes[members[0]]
    named=next((notes[i] for i in members if 'main_en' in notes[i]),None)
    mname={'zh':first['main_item'],'en':named['main_en'] if named else n0['en'],'ko':named['main_ko'] if named else n0['ko']}
    groups=collections.Counter(notes[i]['group'] for i in members).most_common(1)[0][0]
    alsos={notes[i].get('also') for i in members}
    wheres=collections.Counter(notes[i]['where'] for i in members).most_common(1)[0][0]
    kinds=collections.Counter(rows[i]['type'] for i in members).most_common(1)[0][0]
    levels=collections.Counter(rows[i]['level'] for i in members).most_common(1)[0][0]
    basis=n0['basis'] if all(notes[i]['basis']==n0['basis'] for i in members) else None
    auds={rows[i]['audience'] for i in members}
    mainaud=AUD[first['audience']] if len(auds)==1 else ['person','company']
    srcs=sorted({('catalogue row: '+rows[i]['source']).replace('gk','general knowledge').rstrip('; ') for i in members})[:3]+['texts: general knowledge, not looked up']
    L=[f'# {first["main_item"]}: demonstration data, see sources.',
       f'name = {words(mname)}',f'kind = {q(kinds)}',f'level = {q(levels)}',f'audience = {arr(mainaud)}',f'group = {q(groups)}']
    if len(alsos)==1 and (a:=alsos.pop()) and a!=groups: L.append(f'also = {q(a)}'); mainalso=a
    else: mainalso=None
    if basis: L.append(f'basis = {arr(basis)}')
    L+= [f'where = {arr([wheres])}',f'sources = {arr(srcs)}']
    for i in members:
        n=notes[i]; r=rows[i]; o=old.get(i)
        slug=o['slug'] if o else n['slug']
        slugs[slug]+=1
        if slugs[slug]>1: slug=f'{slug}_{dep}'; slugs[slug]+=1
        credit=deps[dep]['credit_code']
        code=o['code'] if o else f'{credit}{LV[r["level"]]}{i+2:09d}001'
        zh=n.get('zh') or r['handling_item'] or r['main_item']
        name=o['name'] if o else {'zh':zh,'en':n['en'],'ko':n['ko']}
        summ=o['summary'] if o else dict(zip(('zh','en','ko'),n['sum']))
        L+=['','[[item]]',f'id = {q(slug)}',f'code = {q(code)}',f'name = {words(name)}',f'summary = {words(summ)}',f'get = {said(o["what_you_get"] if o else n["get"])}']
        if n.get('result'): L.append(f'result = {q(n["result"])}')
        L.append('conditions = '+arr(o['guide']['conditions'] if o else n['cond'],said))
        mats=[] if n['mat']==['none'] else n['mat']
        seen=set(); ms=[]
        for m in mats:
            k=(m if isinstance(m,str) else m[0] if isinstance(m,list) else m['zh']).lstrip('?')
            if k in seen or k=='none': continue
            seen.add(k); ms.append(m)
        if o: L.append('materials = '+arr([old_material(m) for m in o['materials']],lambda x:x)) if o['materials'] else None
        elif ms: 
            L.append('materials = '+arr(ms,material) if not all(isinstance(m,str) for m in ms) else 'materials = '+arr(ms))
        if o: L.append('steps = '+arr(o['guide']['steps'],words))
        elif n.get('steps'): L.append('steps = '+arr(n['steps']))
        pd=num(r['promised_days']); sd=num(r['statutory_days'])
        if o: pd=o['guide']['time']['promised_days']; sd=o['guide']['time'].get('statutory_days')
        L.append(f'promised_days = {pd or 0}')
        if sd: L.append(f'statutory_days = {min(sd,365)}')
        if o: L.append(f'days_note = {words(o["guide"]["time"]["note"])}')
        if o:
            L.append(f'fee = {words(o["guide"]["fee"]["note"])}')
            if o['guide']['fee']['free']: L.append('free = true')
        elif r['fee'] not in ('free',''):
            t=r['fee']+(('；'+n['fee']) if n.get('fee') and n['fee'] not in r['fee'] else '')
            L.append(f'fee = {q(t)}')
        elif n.get('fee'): L.append(f'fee = {q(n["fee"])}'); L.append('free = true')
        if basis is None and n['basis']: L.append(f'basis = {arr(n["basis"])}')
        if o and o['complete']: L.append(f'where = {arr(["kiosk",n["where"]])}')
        elif n['where']!=wheres: L.append(f'where = {arr([n["where"]])}')
        if r['type']!=kinds: L.append(f'kind = {q(r["type"])}')
        if r['level']!=levels: L.append(f'level = {q(r["level"])}')
        if AUD[r['audience']]!=mainaud: L.append(f'audience = {arr(AUD[r["audience"]])}')
        g=o['group'] if o else n['group']
        if g!=groups: L.append(f'group = {q(g)}')
        if n.get('also') and n['also']!=g and n['also']!=mainalso: L.append(f'also = {q(n["also"])}')
        if o and o.get('icon'): L.append(f'icon = {q(o["icon"])}')
        who=[w for w in ('self','guardian','proxy','company') if w in n['who']]
        if who!=['self']: L.append(f'who = {arr(who)}')
        v=max(0,min(9,int(n['visits'])))
        if v!=1: L.append(f'visits = {v}')
        if n.get('courier'): L.append('courier = true')
        h='apply' if o and o['complete'] else HERE.get(r['kiosk_capable'],'no')
        if h!='no': L.append(f'here = {q(h)}')
        if o and o['complete']: L.append(f'form = {q(slug)}')
        says=list(dict.fromkeys((o['sayings'] if o else [])+n['say']))
        kws=list(dict.fromkeys((o['keywords'] if o else [])+n['kw']))
        if says: L.append(f'sayings = {arr(says)}')
        if kws: L.append(f'keywords = {arr(kws)}')
        L.append(f'popularity = {o["popularity"] if o else n["pop"]}')
        if n.get('model'): L.append('model = true')
    d=OUT/'services'/dep; d.mkdir(exist_ok=True)
    (d/f'{main}.toml').write_text('\n'.join(x for x in L if x is not None)+'\n')
# forms of the three old complete services
(OUT/'forms').mkdir(exist_ok=True)
for i,o in old.items():
    if not o['complete']: continue
    props=o['form']['schema']['properties']; req=set(o['form']['schema'].get('required',[]))
    for b in o['form']['schema'].get('allOf',[]): req|=set(b['then']['required'])
    L=[f'# What {o["slug"]} asks.',f'needs = {arr(o["needs"])}',f'assurance = {q(o["assurance"])}',f'declaration = {words(o["declaration"])}','','[consent]','paragraphs = '+arr(o['consent']['paragraphs'],words),'items = '+arr([x for x in o['consent']['items']],lambda it:f'{{ what = {words(it["what"])}, why = {words(it["why"])} }}')]
    for p in o['form']['ui']['pages']:
        L+=['','[[page]]',f'id = {q(p["id"])}',f'title = {words(p["title"])}']
        for f in p['fields']:
            pr=props[f['id']]
            L+=['','[[page.fields]]',f'id = {q(f["id"])}',f'kind = {q(f["kind"])}',f'label = {words(f["label"])}']
            if 'hint' in f: L.append(f'hint = {words(f["hint"])}')
            for k in ('keyboard','prefill'):
                if k in f: L.append(f'{k} = {q(f[k])}')
            if f.get('masked'): L.append('masked = true')
            if f['id'] not in req: L.append('required = false')
            if f['kind']=='choice':
                L.append('choices = { '+', '.join(f'{q(c["value"])} = {words(c["label"])}' for c in f['choices'])+' }')
            if f['kind'] in('text','address','note'):
                if pr.get('minLength',1)!=1: L.append(f'min = {pr["minLength"]}')
                if pr.get('maxLength') not in (None,{'text':60,'address':120,'note':300}[f['kind']]): L.append(f'max = {pr["maxLength"]}')
                if 'format' in pr: L.append(f'format = {q(pr["format"])}')
                if 'pattern' in pr: L.append(f'pattern = {q(pr["pattern"])}')
            if f['kind']=='number':
                if 'minimum' in pr: L.append(f'min = {pr["minimum"]}')
                if 'maximum' in pr: L.append(f'max = {pr["maximum"]}')
                if pr['type']=='number': L.append('whole = false')
            if 'visible_if' in f:
                w=f['visible_if']; L.append('when = { field = '+q(w['field'])+', '+(f'equals = {json.dumps(w["equals"],ensure_ascii=False)}' if 'equals' in w else f'in = {json.dumps(w["in"],ensure_ascii=False)}')+' }')
    (OUT/'forms'/f'{o["slug"]}.toml').write_text('\n'.join(L)+'\n')
print(len(mains),'main items',sum(map(len,mains.values())),'items; missing rows',len(problems))
