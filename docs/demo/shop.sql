-- The demo shop: a small outdoor retailer, eighteen months of trading. Every value comes from arithmetic
-- on row numbers, so the same bytes come out on every machine. h(n, salt) below stands for a
-- multiplicative hash: (n * 2654435761 + salt * 40503) % 4294967296 / 65536.
BEGIN;

CREATE TABLE regions (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL);
INSERT INTO regions VALUES
  (1, 'Bavaria', 'Germany'), (2, 'Berlin', 'Germany'), (3, 'Hamburg', 'Germany'), (4, 'Vienna', 'Austria'),
  (5, 'Tyrol', 'Austria'), (6, 'Zurich', 'Switzerland'), (7, 'Geneva', 'Switzerland'), (8, 'Utrecht', 'Netherlands');

CREATE TABLE channels (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO channels VALUES (1, 'web'), (2, 'app'), (3, 'store'), (4, 'marketplace');

CREATE TABLE categories (id INTEGER PRIMARY KEY, name TEXT NOT NULL, department TEXT NOT NULL);
INSERT INTO categories VALUES
  (1, 'Tents', 'Camp'), (2, 'Sleeping bags', 'Camp'), (3, 'Backpacks', 'Carry'), (4, 'Boots', 'Wear'),
  (5, 'Jackets', 'Wear'), (6, 'Stoves', 'Camp'), (7, 'Climbing', 'Sport'), (8, 'Gift cards', 'Other');

-- No product is a gift card yet, so one category has no sales: include_empty shows it.
CREATE TABLE products (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, category_id INTEGER NOT NULL, unit_cost INTEGER NOT NULL, list_price INTEGER NOT NULL);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 84),
  line(k, word) AS (VALUES (0, 'Alpine'), (1, 'Trail'), (2, 'Summit'), (3, 'Fjord'), (4, 'Ridge'), (5, 'Moor'),
    (6, 'Glacier'), (7, 'Delta'), (8, 'Canyon'), (9, 'Polar'), (10, 'Dune'), (11, 'Cedar'))
INSERT INTO products
SELECT i, word || ' ' || rtrim(c.name, 's') || ' ' || (1 + i % 3), c.id,
  1500 + (i * 2654435761 % 4294967296) / 65536 % 14000,
  (1500 + (i * 2654435761 % 4294967296) / 65536 % 14000) * (135 + i % 40) / 100
FROM n JOIN categories c ON c.id = 1 + i % 7 JOIN line ON k = (i / 7) % 12;

-- Customers without a region are walk-ins: they stay in the totals, in a group of their own.
CREATE TABLE customers (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, segment TEXT NOT NULL, region_id INTEGER, signed_up_at TEXT NOT NULL);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 640),
  first(k, word) AS (VALUES (0, 'Anna'), (1, 'Ben'), (2, 'Clara'), (3, 'David'), (4, 'Elif'), (5, 'Finn'), (6, 'Greta'),
    (7, 'Hugo'), (8, 'Ida'), (9, 'Jonas'), (10, 'Karla'), (11, 'Leo'), (12, 'Mira'), (13, 'Noah'), (14, 'Olga'), (15, 'Paul')),
  last(k, word) AS (VALUES (0, 'Adler'), (1, 'Brandt'), (2, 'Conti'), (3, 'Dietz'), (4, 'Egger'), (5, 'Frank'), (6, 'Gruber'),
    (7, 'Huber'), (8, 'Imhof'), (9, 'Jansen'), (10, 'Keller'), (11, 'Lang'), (12, 'Moser'), (13, 'Novak'), (14, 'Otto'),
    (15, 'Peters'), (16, 'Roth'), (17, 'Steiner'), (18, 'Vogel'))
INSERT INTO customers
SELECT i, first.word || ' ' || last.word,
  CASE WHEN i % 11 = 0 THEN 'club' WHEN i % 3 = 0 THEN 'business' ELSE 'consumer' END,
  CASE WHEN i % 23 = 0 THEN NULL ELSE 1 + (i * 2654435761 % 4294967296) / 65536 % 8 END,
  date('2024-06-01', '+' || ((i * 2246822519 % 4294967296) / 65536 % 500) || ' days')
FROM n JOIN first ON first.k = i % 16 JOIN last ON last.k = i % 19;

-- Fact: one row an order, from January 2025 to June 2026, more of them as time goes on.
CREATE TABLE orders (
  id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, channel_id INTEGER NOT NULL, ordered_at TEXT NOT NULL, status TEXT NOT NULL);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4200)
INSERT INTO orders
SELECT i, 1 + (i * 2654435761 % 4294967296) / 65536 % 640,
  CASE WHEN i % 10 < 5 THEN 1 WHEN i % 10 < 7 THEN 2 WHEN i % 10 < 9 THEN 3 ELSE 4 END,
  datetime('2025-01-01', '+' || CAST(545.0 * sqrt(i / 4200.0) AS INTEGER) || ' days',
    '+' || ((i * 3266489917 % 4294967296) / 65536 % 86400) || ' seconds'),
  CASE WHEN i % 17 = 0 THEN 'cancelled' WHEN i % 29 = 0 THEN 'open' ELSE 'paid' END
FROM n;

-- Fact: the lines of each order, one to four of them. Money is in cents.
CREATE TABLE order_items (
  id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, product_id INTEGER NOT NULL, quantity INTEGER NOT NULL, unit_price INTEGER NOT NULL);
INSERT INTO order_items (order_id, product_id, quantity, unit_price)
SELECT o.id, p.id, 1 + (o.id + line.k) % 3, p.list_price * (100 - (o.id % 5) * 4) / 100
FROM orders o
JOIN (SELECT 0 AS k UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) line ON line.k <= o.id % 4
JOIN products p ON p.id = 1 + ((o.id * 4 + line.k) * 2654435761 % 4294967296) / 65536 % 84
ORDER BY o.id, line.k;

-- Fact: what came back, by order line.
CREATE TABLE returns (
  id INTEGER PRIMARY KEY, order_item_id INTEGER NOT NULL, returned_at TEXT NOT NULL, quantity INTEGER NOT NULL,
  refund INTEGER NOT NULL, reason TEXT NOT NULL);
INSERT INTO returns (order_item_id, returned_at, quantity, refund, reason)
SELECT i.id, datetime(o.ordered_at, '+' || (3 + i.id % 25) || ' days'), 1, i.unit_price,
  CASE i.id % 4 WHEN 0 THEN 'wrong size' WHEN 1 THEN 'damaged' WHEN 2 THEN 'changed mind' ELSE 'late' END
FROM order_items i JOIN orders o ON o.id = i.order_id
WHERE o.status = 'paid' AND i.id % 13 IN (0, 5) ORDER BY i.id;

-- Fact: visits to the web shop and the app, most of them by nobody we know.
CREATE TABLE visits (
  id INTEGER PRIMARY KEY, channel_id INTEGER NOT NULL, customer_id INTEGER, visited_at TEXT NOT NULL, pages INTEGER NOT NULL);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)
INSERT INTO visits
SELECT i, 1 + i % 2, CASE WHEN i % 3 = 0 THEN 1 + (i * 2246822519 % 4294967296) / 65536 % 640 END,
  datetime('2025-01-01', '+' || (i * 545 / 9000) || ' days', '+' || ((i * 2654435761 % 4294967296) / 65536 % 86400) || ' seconds'),
  1 + (i * 3266489917 % 4294967296) / 65536 % 14
FROM n;

COMMIT;
