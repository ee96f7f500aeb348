export const rehomeYaml = `# yaml-language-server: $schema=.rehome/schema/workspace.json
# The workspace: what all apps have in common, and where they are deployed to. The apps are in services/*.yml.

# What holds for every app, unless its manifest says otherwise.
conventions:
  image: "anna-repo/{app}:{version}"
  command: "python /app/{app}/main.py"
  port: 8080 # where each instance has a network of its own; elsewhere it is told by $PORT
  env:
    LOGSTASH_TAG: "{app}-{stage}"
  # migration: "python /app/{app}/migrate.py" # for apps that use mongo or postgres
  # health: {path: /health, interval: 2s, timeout: 2s, failures: 3, grace: 30s}

# Where teams deploy to. The stage picks the section of a manifest. A home is one platform there:
# \`-e test1\` means wherever the app lives in test1, \`-e test1.mesos\` names the home.
environments:
  test:
    stage: test
    homes:
      mesos: {platform: mesos, marathon: lab, chronos: lab} # the embedded ones: rehome lab up
      # A second home, for ./deploy-k8s-app.sh; ADDRESS is where pods reach the edge, which listens there too:
      # k8s: {platform: kubernetes, context: CONTEXT, namespace: test, create_namespace: true, edge: ADDRESS}
    # edge: {type: embedded, listen: [ADDRESS]}
  test1:
    stage: test
    homes:
      mesos: {platform: mesos, marathon: lab, chronos: lab}
  test2:
    stage: test
    homes:
      mesos: {platform: mesos, marathon: lab, chronos: lab}
  prod:
    stage: prod
    protected: true # changes need a yes
    homes:
      mesos: {platform: mesos, marathon: lab, chronos: lab}
      # mesos: {platform: mesos, marathon: "http://marathon.example.org:8080", chronos: "http://chronos.example.org:4400"}
    features: {rmq: false, mongo: false, postgres: false} # until it is said where prod has them:
    # features: {rmq: {url: "env:PROD_RMQ_URL"}, mongo: {url: "env:PROD_MONGO_URL"}, postgres: false}

# Where the infrastructure of the one-line features is (rmq: True in a manifest). An environment may have its own.
# Secrets are references: env:NAME, file:PATH or exec:COMMAND.
features:
  rmq: {url: "amqp://127.0.0.1:5672"}
  mongo: {url: "mongodb://127.0.0.1:27017/{app}"}
  postgres: {url: "postgres://127.0.0.1:5432/{app}"}

# For homes on this machine an image is a folder: its commands start in it.
images:
  "anna-repo/{app}:{version}": images/{app}/{version}

# Who is told about deployments.
# notify:
#   - {type: slack, url: "env:SLACK_WEBHOOK"}
`;

export const gitignore = `.rehome/
node_modules/
`;
