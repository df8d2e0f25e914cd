using CerroTorre.Cli.Hosting;

return await CtProgram.RunAsync(args, CtHost.OfProcess());
