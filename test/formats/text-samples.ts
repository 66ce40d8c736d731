/* Small whole files of the text formats, drawn by hand. */
const join = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')

export const MBO_CSV = join([
  'ts_recv,ts_event,rtype,publisher_id,instrument_id,action,side,price,size,channel_id,order_id,flags,ts_in_delta,sequence,symbol',
  '2024-05-08T13:30:00.000000100Z,2024-05-08T13:30:00.000000000Z,160,2,7,R,N,,0,0,0,8,0,0,ABC',
  '2024-05-08T13:30:00.000001100Z,2024-05-08T13:30:00.000001000Z,160,2,7,A,B,10.000000000,30,0,11,130,100,1,ABC',
  '2024-05-08T13:30:00.000002100Z,2024-05-08T13:30:00.000002000Z,160,2,7,A,B,10.000000000,20,0,12,130,100,2,ABC',
  '2024-05-08T13:30:00.000003100Z,2024-05-08T13:30:00.000003000Z,160,2,7,A,A,10.030000000,40,0,13,130,100,3,ABC',
  '2024-05-08T13:30:01.000000100Z,2024-05-08T13:30:01.000000000Z,160,2,7,T,A,10.000000000,30,0,0,0,100,4,ABC',
  '2024-05-08T13:30:01.000000100Z,2024-05-08T13:30:01.000000000Z,160,2,7,F,B,10.000000000,30,0,11,0,100,4,ABC',
  '2024-05-08T13:30:01.000000100Z,2024-05-08T13:30:01.000000000Z,160,2,7,C,B,10.000000000,30,0,11,130,100,4,ABC',
  '2024-05-08T13:30:02.000000100Z,2024-05-08T13:30:02.000000000Z,160,2,7,C,A,10.030000000,15,0,13,130,100,5,ABC'
])

export const MBP_CSV = join([
  'ts_event,action,side,depth,price,size,flags,sequence,bid_px_00,ask_px_00,bid_sz_00,ask_sz_00,bid_ct_00,ask_ct_00,symbol',
  '1715175000000000000,A,B,0,10000000000,30,130,1,10000000000,9223372036854775807,30,0,1,0,ABC',
  '1715175000000001000,A,A,0,10030000000,40,130,2,10000000000,10030000000,30,40,1,1,ABC',
  '1715175001000000000,T,A,0,10000000000,30,130,3,9990000000,10030000000,5,40,1,1,ABC'
])

export const TARDIS_BOOK = join([
  'exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount',
  'binance,BTCUSDT,1715175000000000,1715175000001000,true,bid,60000.1,1.5',
  'binance,BTCUSDT,1715175000000000,1715175000001000,true,ask,60000.3,2',
  'binance,ETHUSDT,1715175000000000,1715175000001000,true,ask,3000.3,2',
  'binance,BTCUSDT,1715175000100000,1715175000101000,false,bid,60000.2,0.25',
  'binance,BTCUSDT,1715175000100000,1715175000101000,false,bid,60000.1,0',
  'binance,BTCUSDT,1715175000300000,1715175000301000,true,bid,59999,1e-3',
  'binance,BTCUSDT,1715175000300000,1715175000301000,true,ask,60000.3,2',
  'binance,BTCUSDT,1715175000400000,1715175000402000,false,ask,60000,0.125'
])

export const TARDIS_TRADES = join([
  'exchange,symbol,timestamp,local_timestamp,id,side,price,amount',
  'binance,BTCUSDT,1715175000100000,1715175000101000,7,sell,60000.1,0.5',
  'binance,BTCUSDT,1715175000200000,1715175000201000,8,buy,60000.3,0.25',
  'binance,BTCUSDT,1715175000500000,1715175000501000,9,unknown,60000,0.125'
])

const NS = '1715175000'
const depth = (ms: number, first: number, last: number, bids: string, asks: string): string =>
  `${NS}${ms}000500 {"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":${NS}${ms},"s":"BTCUSDT","U":${first},"u":${last},"b":[${bids}],"a":[${asks}]}}`

/** The snapshot holds all up to 102; the update 101 to 104 goes over it. */
export const BINANCE_SPOT = join([
  depth(100, 90, 100, '["60000.00","9.00000"]', ''),
  depth(200, 101, 104, '["60000.00","2.00000"]', '["60001.50","0.00000"]'),
  `${NS}250000500 {"lastUpdateId":102,"bids":[["60000.00","3.00000"],["59999.00","1.00000"]],"asks":[["60001.00","4.00000"],["60001.50","1.00000"]]}`,
  `${NS}260000500 {"stream":"btcusdt@bookTicker","data":{"u":104,"s":"BTCUSDT","b":"60000.00","B":"2.00000","a":"60001.00","A":"4.00000"}}`,
  `${NS}270000500 {"stream":"btcusdt@trade","data":{"e":"trade","E":${NS}271,"s":"BTCUSDT","t":1,"p":"60001.00","q":"0.50000","T":${NS}260,"m":false,"M":true}}`,
  depth(300, 105, 106, '', '["60001.00","3.50000"]'),
  `${NS}310000500 {"stream":"btcusdt@bookTicker","data":{"u":107,"s":"BTCUSDT","b":"60000.00","B":"2.00000","a":"60001.00","A":"3.40000"}}`,
  `${NS}320000500 {"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":${NS}321,"s":"BTCUSDT","a":1,"p":"60001.00","q":"0.50000","T":${NS}260,"m":false}}`,
  depth(400, 110, 111, '["60000.00","0.00000"]', '')
])

export const COINBASE = join([
  'wss://ws-feed.pro.coinbase.com <-> 1715174999.8',
  'wss://ws-feed.pro.coinbase.com <- 1715174999.9: {"type":"subscribe","product_ids":["A-B"],"channels":["level2"]}',
  '',
  '1715174999.95: {"type":"subscriptions","channels":[{"name":"level2","product_ids":["A-B","C-D"]}]}',
  '1715175000.01: {"type":"snapshot","product_id":"A-B","asks":[["10.02","5.5"],["10.03","1"]],"bids":[["10.00","2"],["9.99","4"]]}',
  '1715175000.02: {"type":"snapshot","product_id":"C-D","asks":[["1","1"]],"bids":[]}',
  '1715175000.03: {"type":"last_match","trade_id":5,"side":"sell","size":"1","price":"10.02","product_id":"A-B","sequence":9,"time":"2024-05-08T13:29:59.000000Z"}',
  '1715175000.11: {"type":"l2update","product_id":"A-B","changes":[["buy","10.01","3"],["buy","10.00","0"]],"time":"2024-05-08T13:30:00.100000Z"}',
  '1715175000.31: {"type":"l2update","product_id":"A-B","changes":[["sell","10.02","4.5"]],"time":"2024-05-08T13:30:00.300001Z"}',
  '1715175000.32: {"type":"match","trade_id":8,"side":"sell","size":"1","price":"10.02","product_id":"A-B","sequence":12,"time":"2024-05-08T13:30:00.300001Z"}',
  '1715175000.33: {"type":"ticker","sequence":12,"product_id":"A-B","price":"10.02","best_bid":"10.01","best_ask":"10.02","time":"2024-05-08T13:30:00.300001Z"}'
])

export const BITSTAMP_ANSWERS = join([
  'https://www.bitstamp.net/api/v2/order_book/ethusd -> 1715175000.2: {"timestamp": "1715175000", "microtimestamp": "1715175000100000", "bids": [["3000.00", "1.5"]], "asks": [["3000.10", "0.5"], ["3000.20", "7"]]}',
  'https://www.bitstamp.net/api/v2/order_book/xrpeur -> 1715175000.2: {"timestamp": "1715175000", "microtimestamp": "1715175000100000", "bids": [["0.5", "1.5"]], "asks": []}'
])

export const BITSTAMP_LEVELS = join([
  'wss://ws.bitstamp.net/ <- 1715174999.0: {"event":"bts:subscribe","data":{"channel":"diff_order_book_ethusd"}}',
  '1715174999.5: {"event":"bts:subscription_succeeded","channel":"diff_order_book_ethusd","data":{}}',
  '1715175000.15: {"data":{"timestamp":"1715175000","microtimestamp":"1715175000100000","bids":[["2999.00","1"]],"asks":[]},"channel":"diff_order_book_ethusd","event":"data"}',
  '1715175000.25: {"data":{"timestamp":"1715175000","microtimestamp":"1715175000200000","bids":[["3000.05","2"]],"asks":[["3000.10","0"]]},"channel":"diff_order_book_ethusd","event":"data"}',
  '1715175000.26: {"data":{"id":1,"timestamp":"1715175000","amount":0.25,"amount_str":"0.25000000","price":3000.05,"price_str":"3000.05","type":1,"microtimestamp":"1715175000250000"},"channel":"live_trades_ethusd","event":"trade"}',
  '1715175000.27: {"data":{"timestamp":"1715175000","microtimestamp":"1715175000260000","bids":[["0.4","1"]],"asks":[]},"channel":"diff_order_book_xrpeur","event":"data"}'
])

/** Two rest; a taker of 3 meets the ask of 2 and joins with the rest. The order 99 was there before, as the first book shows. */
export const BITSTAMP_LOG = join([
  '1430438400000 order_created {"price": "236.50", "amount": "2.00000000", "datetime": "1430438400", "id": 11, "order_type": 1}',
  '1430438400100 order_created {"price": "236.00", "amount": "1.00000000", "datetime": "1430438400", "id": 12, "order_type": 0}',
  '1430438400200 order_book {"bids": [["236.00", "1.00000000"], ["235.00", "4.00000000"]], "asks": [["236.50", "2.00000000"]]}',
  '1430438400300 order_created {"price": "236.60", "amount": "3.00000000", "datetime": "1430438400", "id": 13, "order_type": 0}',
  '1430438400400 order_deleted {"price": "236.50", "amount": "0.00000000", "datetime": "1430438400", "id": 11, "order_type": 1}',
  '1430438400401 order_changed {"price": "236.60", "amount": "1.00000000", "datetime": "1430438400", "id": 13, "order_type": 0}',
  '1430438400410 trade {"price": 236.5, "amount": 2.0000000000000001, "id": 1}',
  '1430438400500 order_deleted {"price": "235.00", "amount": "4.00000000", "datetime": "1430430000", "id": 9, "order_type": 0}',
  '1430438400600 order_deleted {"price": "236.60", "amount": "1.00000000", "datetime": "1430438400", "id": 13, "order_type": 0}',
  '1430438400700 order_book {"bids": [["235.90", "1.00000000"]], "asks": [["237.00", "1.00000000"]]}'
])

export const BITSTAMP_TABLE = join([
  'id,timestamp,exchange.timestamp,price,volume,action,direction',
  '11,1430438400000,1430438400000,236.50,200000000,created,ask',
  '13,1430438400300,1430438400000,236.60,300000000,created,bid',
  '11,1430438400400,1430438400000,236.50,0,deleted,ask',
  '13,1430438400401,1430438400000,236.60,100000000,changed,bid'
])

export const TAPE_CSV = join([
  '# symbol: ABC',
  '# date: 2024-05-08',
  '# zone: America/New_York',
  '# tick: 0.01',
  '# a remark',
  'tNs,kind,side,price,lots,orderId,flags',
  '34200000000000,add,bid,10.00,30,11,added',
  '34200000000000,add,ask,10.03,40,12,added',
  '34200000000001,reduce,bid,10.00,5,11,',
  '34200000000001,execute,bid,10.00,10,11,',
  '34200500000000,execute-hidden,ask,10.01,7,0,between',
  '34200600000000,level-set,ask,10.04,15,0,',
  '34200700000000,halt,,,,,',
  '34200800000000,resume,,,,,',
  '34200900000000,clear,,,,,'
])
